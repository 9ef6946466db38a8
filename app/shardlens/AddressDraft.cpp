// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlens/AddressDraft.h"

#include "core/clients/keychain/Keychain.h"
#include "core/inspect/discover/Discovery.h"

#include <map>

namespace shardlens::app {

using namespace inspect::discover;
using Line = ui::shell::DraftView::Line;

namespace {

/// The keychain may have to ask the person, which needs this thread: it is read before anything is dialled.
void readKeychain(Login &login)
{
    auto entries = std::make_shared<std::map<std::string, base::Result<std::string>>>();
    for (const fleet::SecretSource &source : {login.secret, login.redisSecret}) {
        if (source.kind == fleet::SecretSource::Kind::Keychain)
            entries->insert_or_assign(source.where, keychain::read(source.where));
    }
    login.keychain = [entries](const std::string &entry) { return entries->at(entry); };
}

Line::Sureness surenessOf(DraftLine::Sureness sureness)
{
    switch (sureness) {
    case DraftLine::Sureness::Structure: return Line::Sureness::Structure;
    case DraftLine::Sureness::Told: return Line::Sureness::Told;
    case DraftLine::Sureness::Guess: return Line::Sureness::Guess;
    case DraftLine::Sureness::Proposal: return Line::Sureness::Proposal;
    }
    return Line::Sureness::Structure;
}

} // namespace

struct AddressDraft::Private {
    std::unique_ptr<Discovery> discovery;
    Draft draft;
};

AddressDraft::AddressDraft(QObject *parent) : QObject(parent), m_d(std::make_unique<Private>()) {}

AddressDraft::~AddressDraft() = default;

void AddressDraft::start(const QStringList &addresses, const QString &user, bool follows)
{
    std::vector<std::string> texts;
    for (const QString &address : addresses)
        texts.push_back(address.toStdString());
    auto read = readAddresses(texts);
    LoginWishes wishes;
    wishes.user = user.toStdString();
    auto login = findLogin(wishes);
    if (!read || !login) {
        Q_EMIT failed(QString::fromStdString((read ? login.error() : read.error()).message) + QLatin1Char('.'));
        return;
    }
    readKeychain(*login);
    Question question;
    question.addresses = std::move(*read);
    question.login = std::move(*login);
    question.wishes.now = base::SystemClock().utcNow();
    question.wishes.follows = follows;
    question.follows = follows;
    m_d->discovery = std::make_unique<Discovery>(std::move(question));
    connect(m_d->discovery.get(), &Discovery::progressed, this, [this](const Progress &progress) {
        Q_EMIT progressed(tr("%1 of %2 asked. %3").arg(progress.asked).arg(progress.known).arg(QString::fromStdString(progress.newest)));
    });
    connect(m_d->discovery.get(), &Discovery::finished, this, [this](const Draft &draft) {
        m_d->draft = draft;
        if (draft.servers > 0) {
            Q_EMIT ready();
            return;
        }
        QStringList why;
        for (const Remark &remark : draft.unanswered)
            why << QString::fromStdString(remark.what + ": " + remark.why);
        Q_EMIT failed(tr("No server was recognised: there is nothing to draft.") + QLatin1Char('\n') + why.mid(0, 6).join(QLatin1Char('\n')));
    });
    m_d->discovery->start();
}

void AddressDraft::cancel()
{
    if (m_d->discovery)
        m_d->discovery->cancel();
}

ui::shell::DraftView::Content AddressDraft::content() const
{
    ui::shell::DraftView::Content content;
    content.servers = int(m_d->draft.servers);
    content.guesses = int(m_d->draft.guesses);
    for (const DraftLine &line : m_d->draft.lines)
        content.lines.push_back({surenessOf(line.sureness), QString::fromStdString(line.text), QString::fromStdString(line.evidence)});
    for (const Remark &remark : m_d->draft.unanswered)
        content.leftOut << QString::fromStdString(remark.what + ": " + remark.why);
    for (const Address &address : m_d->draft.wouldDial)
        content.leftOut << tr("%1: not asked (%2)").arg(QString::fromStdString(text(address.endpoint)), QString::fromStdString(address.source));
    for (const std::string &complaint : m_d->draft.complaints)
        content.leftOut << QString::fromStdString(complaint);
    return content;
}

QByteArray AddressDraft::toml() const
{
    return QByteArray::fromStdString(m_d->draft.toml());
}

} // namespace shardlens::app

#include "moc_AddressDraft.cpp"
