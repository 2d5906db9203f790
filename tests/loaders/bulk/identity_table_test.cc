#include "loaders/bulk/identity_table.h"

#include <random>
#include <unordered_map>

#include <gtest/gtest.h>

namespace tupu {
namespace {

TEST(IdentityTable, KeepsTheFirstEdgeOfEachHash) {
  IdentityTable table;
  std::unordered_map<uint64_t, uint32_t> expected;
  std::mt19937_64 random(3);
  const auto insert = [&](uint64_t hash, uint32_t edge) {
    table.Prefetch(hash);
    const auto found = table.FindOrAdd(hash, edge);
    const auto [known, is_new] = expected.try_emplace(hash, edge);
    ASSERT_EQ(found.has_value(), !is_new) << hash;
    ASSERT_EQ(found.value_or(edge), known->second) << hash;
  };
  // Shards of one hash and of thousands; slots that run over the end of their shard.
  for (uint32_t edge = 0; edge < 100'000; ++edge) insert(random() >> random() % 12, edge);
  for (uint32_t edge = 0; edge < 5'000; ++edge) insert(uint64_t{edge % 64} << 58 | 0x3ff'ffff'ffff'fffe, edge);
  for (uint32_t edge = 0; edge < 100; ++edge) insert(2 + random() % 50, edge);
  std::mt19937_64 again(3);
  for (uint32_t edge = 0; edge < 100'000; ++edge) insert(again() >> again() % 12, edge + 1);
}

TEST(IdentityTable, TheHashOfZeroIsOne) {
  IdentityTable table;
  EXPECT_EQ(table.FindOrAdd(0, 7), std::nullopt);
  EXPECT_EQ(table.FindOrAdd(0, 8), 7u);
  EXPECT_EQ(table.FindOrAdd(1, 9), 7u);  // not told apart: both stand for the free slot's number
}

}  // namespace
}  // namespace tupu
