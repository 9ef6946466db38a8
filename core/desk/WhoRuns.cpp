// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desk/Desk.h"

#include <QSysInfo>

#include <pwd.h>
#include <unistd.h>

namespace shardlens::desk {

facts::Person whoRuns()
{
    facts::Person person;
    passwd entry{};
    passwd *found = nullptr;
    char buffer[4096];
    if (getpwuid_r(geteuid(), &entry, buffer, sizeof buffer, &found) == 0 && found)
        person.osUser = found->pw_name;
    else
        person.osUser = std::to_string(geteuid());
    person.host = QSysInfo::machineHostName().toStdString();
    return person;
}

} // namespace shardlens::desk
