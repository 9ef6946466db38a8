// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/Access.h"

namespace shardlens::fleet {

std::string_view name(HostReach::Way way)
{
    switch (way) {
    case HostReach::Way::None: return "none";
    case HostReach::Way::Local: return "local";
    case HostReach::Way::Ssh: return "ssh";
    }
    return "none";
}

std::string_view name(SecretSource::Kind kind)
{
    switch (kind) {
    case SecretSource::Kind::None: return "none";
    case SecretSource::Kind::Pgpass: return "pgpass";
    case SecretSource::Kind::Service: return "service";
    case SecretSource::Kind::Environment: return "env";
    case SecretSource::Kind::File: return "file";
    case SecretSource::Kind::Keychain: return "keychain";
    }
    return "none";
}

std::string_view name(Role role)
{
    switch (role) {
    case Role::Observer: return "observer";
    case Role::Application: return "application";
    case Role::Support: return "support";
    case Role::OnCall: return "on-call";
    case Role::Ops: return "ops";
    }
    return "observer";
}

std::string_view name(Tls::Mode mode)
{
    switch (mode) {
    case Tls::Mode::Disable: return "disable";
    case Tls::Mode::Prefer: return "prefer";
    case Tls::Mode::Require: return "require";
    case Tls::Mode::VerifyCa: return "verify-ca";
    case Tls::Mode::VerifyFull: return "verify-full";
    }
    return "prefer";
}

} // namespace shardlens::fleet
