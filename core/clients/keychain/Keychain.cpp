// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/keychain/Keychain.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QPointer>
#include <QTimer>

#include <qt6keychain/keychain.h>

namespace shardlens::keychain
{

using base::ErrorCode;

namespace
{

ErrorCode codeOf(QKeychain::Error error)
{
    switch (error) {
    case QKeychain::EntryNotFound: return ErrorCode::NotFound;
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied: return ErrorCode::NoRights;
    default: return ErrorCode::Unavailable;
    }
}

} // namespace

base::Result<std::string> read(const std::string &entry, base::milliseconds timeout)
{
    if (!QCoreApplication::instance())
        return base::fail(ErrorCode::Unavailable, "the keychain needs a running application");
    QEventLoop loop;
    QPointer<QKeychain::ReadPasswordJob> job = new QKeychain::ReadPasswordJob(QStringLiteral("shardlens"));
    job->setAutoDelete(false);
    job->setInsecureFallback(false);
    job->setKey(QString::fromStdString(entry));
    bool isDone = false;
    QObject::connect(job, &QKeychain::Job::finished, &loop, [&] {
        isDone = true;
        loop.quit();
    });
    QTimer::singleShot(timeout, &loop, &QEventLoop::quit);
    job->start();
    if (!isDone)
        loop.exec();
    if (!isDone) {
        job->setAutoDelete(true); // it still waits for the person; it goes when that ends
        return base::fail(ErrorCode::TimedOut, "the keychain did not answer");
    }
    const auto error = job->error();
    const std::string secret = job->textData().toStdString();
    const std::string message = job->errorString().toStdString();
    job->deleteLater();
    if (error != QKeychain::NoError)
        return base::fail(codeOf(error), "keychain entry " + entry + ": " + message);
    return secret;
}

} // namespace shardlens::keychain
