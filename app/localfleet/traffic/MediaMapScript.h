// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace shardlens::traffic
{

/// Puts one media into the map, and splits one bucket when the map has grown by a bucket's worth: all of it at once, so that no
/// reader and no other writer sees a half. ARGV: what stands before {bucket} in the keys, what after, media, owner, and how many
/// media a bucket holds on average. The arithmetic is that of app/localfleet/seed/MediaMap.h.
inline constexpr const char *mediaMapScript = R"lua(
local before, after, media, owner, average = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local function key(name) return before .. name .. after end
local function hash(id)
  local value = 0
  for i = 1, #id do value = (value * 10 + id:byte(i) - 48) % 1000003 end
  return value
end
local function whole(buckets)
  local power = 1
  while power * 2 <= buckets do power = power * 2 end
  return power
end
local function bucket(id, buckets)
  local value, power = hash(id), whole(buckets)
  local found = value % (2 * power)
  if found < buckets then return found end
  return value % power
end
local buckets = tonumber(redis.call('GET', key('buckets')) or '1')
if redis.call('HSET', key(bucket(media, buckets)), media, owner) == 0 then return buckets end
if redis.call('INCR', key('count')) <= buckets * average then return buckets end
local from, to = key(buckets - whole(buckets)), key(buckets)
local all = redis.call('HGETALL', from)
for i = 1, #all, 2 do
  if bucket(all[i], buckets + 1) == buckets then
    redis.call('HSET', to, all[i], all[i + 1])
    redis.call('HDEL', from, all[i])
  end
end
redis.call('SET', key('buckets'), buckets + 1)
return buckets + 1
)lua";

} // namespace shardlens::traffic
