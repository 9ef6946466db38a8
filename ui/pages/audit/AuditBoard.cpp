// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/AuditBoard.h"

#include "moc_AuditBoard.cpp"
