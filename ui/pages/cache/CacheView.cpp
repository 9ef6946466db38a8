// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/CacheView.h"

#include "moc_CacheView.cpp"
