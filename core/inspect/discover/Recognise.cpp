// SPDX-License-Identifier: GPL-3.0-or-later
// What speaks at an address is found by asking it. A Postgres start-up packet that only asks about TLS leaves no line in a
// Postgres log; PING and version are commands of their protocols. Each is asked on a connection of its own.
#include "core/clients/secrets/Secrets.h"
#include "core/clients/wire/Talk.h"
#include "core/inspect/discover/Asking.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace shardlens::inspect::discover {

namespace {

using base::ErrorCode;
using namespace std::string_view_literals;

constexpr std::string_view tlsQuestion = "\0\0\0\x08\x04\xd2\x16\x2f"sv;

std::string printable(std::string_view text)
{
    std::string out;
    for (const char letter : text.substr(0, 40))
        out += std::isprint(static_cast<unsigned char>(letter)) ? letter : '.';
    return out;
}

void foreign(const Asking &asking, std::string_view said)
{
    Finding &finding = asking.finding;
    finding.kind = Kind::Foreign;
    finding.recognisedBy = "it said '" + printable(said) + "'";
    const bool isShell = said.starts_with("SSH-");
    const bool isWeb = said.starts_with("HTTP/");
    const std::string what = isShell ? "an SSH server" : isWeb ? "a web server" : "none of Postgres, pgbouncer, Redis and memcached";
    finding.trouble = base::Error{ErrorCode::WrongServer, "it is " + what, {}, {}, base::Effect::None};
}

void recognised(const Asking &asking, Kind kind, std::string by)
{
    asking.finding.kind = kind;
    asking.finding.recognisedBy = std::move(by);
}

bool isRedis(std::string_view said)
{
    return said.starts_with("+PONG") || said.starts_with("-NOAUTH") || said.starts_with("-LOADING") || said.starts_with("-MASTERDOWN") ||
           said.starts_with("-DENIED") || said.starts_with("-ERR") || said.starts_with("-NOPERM");
}

/// True once the kind is known, or cannot be.
using FirstQuestion = bool (*)(const Asking &, wire::Talk &, base::Instant);

bool askTls(const Asking &asking, wire::Talk &talk, base::Instant deadline)
{
    if (!talk.send(tlsQuestion, deadline))
        return false;
    const auto said = talk.receive(deadline);
    if (!said || said->empty())
        return false;
    if (*said == "S" || *said == "N" || said->starts_with("E"))
        recognised(asking, Kind::Postgres, "it answers a Postgres start-up packet");
    else
        foreign(asking, *said);
    return true;
}

bool askPing(const Asking &asking, wire::Talk &talk, base::Instant deadline)
{
    if (!talk.send("PING\r\n", deadline))
        return false;
    const auto said = talk.receive(deadline);
    if (!said || said->empty())
        return false;
    if (isRedis(*said)) {
        recognised(asking, Kind::Redis, "it answers PING with " + printable(said->substr(0, said->find_first_of(" \r"))));
    } else if (said->starts_with("ERROR") || said->starts_with("CLIENT_ERROR")) {
        const auto version = talk.send("version\r\n", deadline) ? talk.receive(deadline) : said;
        if (!version || !version->starts_with("VERSION "))
            foreign(asking, *said);
        else
            recognised(asking, Kind::Memcached, "it answers version with " + printable(version->substr(0, version->find('\r'))));
    } else if (said->starts_with('{')) {
        recognised(asking, Kind::Guard, "it answers as a guard does");
    } else {
        foreign(asking, *said);
    }
    return true;
}

} // namespace

void recognise(const Asking &asking)
{
    Finding &finding = asking.finding;
    const auto numeric = wire::numericAddress(asking.endpoint().host, asking.deadline(), asking.interrupt.get());
    if (!numeric) {
        finding.trouble = numeric.error();
        return;
    }
    finding.numericHost = *numeric;
    // Ports near their usual ones are believed first, so that most servers get one question only.
    const auto port = asking.endpoint().port;
    const bool looksLikeCache = (port >= 6379 && port < 6400) || (port >= 11211 && port < 11300);
    std::array<FirstQuestion, 2> questions{askTls, askPing};
    if (looksLikeCache)
        std::swap(questions[0], questions[1]);
    for (const FirstQuestion ask : questions) {
        const auto began = std::chrono::steady_clock::now();
        const auto deadline = began + std::max(asking.patience / 2, base::milliseconds(200));
        auto talk = wire::Talk::dial(*numeric, port, deadline, asking.interrupt.get());
        if (!talk) {
            finding.trouble = talk.error();
            return;
        }
        if (ask(asking, *talk, deadline)) {
            finding.roundTrip = std::chrono::duration_cast<base::microseconds>(std::chrono::steady_clock::now() - began);
            return;
        }
    }
    finding.trouble =
        base::Error{ErrorCode::TimedOut,
                    "it accepts connections and answers nothing: it hangs, or it is none of Postgres, pgbouncer, Redis and memcached",
                    {},
                    {},
                    base::Effect::None};
}

void askAddress(const Asking &asking)
{
    recognise(asking);
    switch (asking.finding.kind) {
    case Kind::Postgres: askPostgres(asking); break;
    case Kind::Pgbouncer: askRouter(asking); break;
    case Kind::Redis: askRedis(asking); break;
    case Kind::Memcached: askMemcached(asking); break;
    case Kind::Guard: askGuard(asking); break;
    case Kind::Silent:
    case Kind::Foreign: break;
    }
}

std::string Asking::secretFor(const std::string &database) const
{
    const secrets::Purpose purpose{endpoint().host, endpoint().port, database, login.user};
    return secrets::resolve(login.secret, purpose, login.keychain).value_or("");
}

} // namespace shardlens::inspect::discover
