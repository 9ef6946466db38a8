// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/guard/OrderMac.h"

#include <array>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace shardlens::clients
{

namespace
{

std::string hexOf(const unsigned char *bytes, std::size_t count)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15];
    }
    return text;
}

} // namespace

std::string macOf(std::string_view secret, std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned length = 0;
    if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char *>(text.data()), text.size(), bytes.data(), &length) == nullptr)
        return {};
    return hexOf(bytes.data(), length);
}

bool isSameMac(std::string_view one, std::string_view other)
{
    return !one.empty() && one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

std::string freshChallenge()
{
    std::array<unsigned char, 32> bytes{};
    return RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1 ? hexOf(bytes.data(), bytes.size()) : std::string();
}

} // namespace shardlens::clients
