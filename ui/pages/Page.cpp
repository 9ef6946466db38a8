// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/Page.h" // the room builds the interface's meta object here

#include "moc_Page.cpp"
