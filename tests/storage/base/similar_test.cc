#include "storage/base/similar.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tupu {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(EditDistance, CountsEdits) {
  EXPECT_EQ(EditDistance("", ""), 0u);
  EXPECT_EQ(EditDistance("abc", "abc"), 0u);
  EXPECT_EQ(EditDistance("", "abc"), 3u);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3u);
  EXPECT_EQ(EditDistance("abcd", "acbd"), 1u);  // neighbours exchanged
  EXPECT_EQ(EditDistance("ca", "abc"), 3u);     // 2 in the unrestricted form
}

TEST(EditDistance, CountsCodePoints) {
  EXPECT_EQ(EditDistance("华为技术", "华为"), 2u);
  EXPECT_EQ(EditDistance("优锆科技", "优诺科技"), 1u);
  EXPECT_EQ(EditDistance("超图", "图超"), 1u);
  EXPECT_EQ(EditDistance("a\xff", "a"), 1u);
}

TEST(EditDistance, StopsAtTheLimit) {
  EXPECT_EQ(EditDistance("kitten", "sitting", 3), 3u);
  EXPECT_EQ(EditDistance("kitten", "sitting", 2), 3u);
  EXPECT_EQ(EditDistance("abc", "xyzuvw", 1), 2u);
  EXPECT_EQ(EditDistance(std::string(2'000, 'a'), std::string(2'000, 'b'), 5), 6u);
  EXPECT_EQ(EditDistance("abcd", "badc", 2), 2u);  // two exchanges: rows between lie above the limit
}

std::vector<std::string> Nearest(std::string_view text, std::vector<std::string_view> candidates, size_t count = 3) {
  return NearestNames(text, candidates, count);
}

TEST(NearestNames, PutsTheNearestFirst) {
  EXPECT_THAT(Nearest("Organisation", {"Firm", "Organization", "Region"}), ElementsAre("Organization"));
  EXPECT_THAT(Nearest("PARTNER_WITH", {"PART_OF", "PARTNERS_WITH", "ISSUED"}), ElementsAre("PARTNERS_WITH"));
  EXPECT_THAT(Nearest("colect", {"collect", "select"}), ElementsAre("collect", "select"));
  EXPECT_THAT(Nearest("xx", {"abc", "def"}), IsEmpty());
  EXPECT_THAT(Nearest("", {"abc"}), IsEmpty());
}

TEST(NearestNames, LooksPastCaseAndWidth) {
  EXPECT_THAT(Nearest("firm", {"Firm"}), ElementsAre("Firm"));
  EXPECT_THAT(Nearest("５１ｗｏｒｌｄ", {"51WORLD", "51Talk"}), ElementsAre("51WORLD"));
}

TEST(NearestNames, TakesBeginningsAfterMisspellings) {
  EXPECT_THAT(Nearest("阿里", {"阿里云", "阿里巴巴", "腾讯"}), ElementsAre("阿里云", "阿里巴巴"));
  EXPECT_THAT(Nearest("percent", {"percentileDisc", "recent", "percentileCont"}),
              ElementsAre("recent", "percentileCont", "percentileDisc"));
}

TEST(NearestNames, TakesATextThatGoesOnOnlyALittle) {
  EXPECT_THAT(Nearest("华为技术", {"华为"}), ElementsAre("华为"));
  EXPECT_THAT(Nearest("inside", {"IN"}), IsEmpty());
}

TEST(NearestNames, GivesEachNameOnceAndNoMoreThanAsked) {
  EXPECT_THAT(Nearest("aab", {"aaa", "aaa", "aac", "aad"}, 2), ElementsAre("aaa", "aac"));
}

TEST(NearestName, ForgivesSwapsAndCaseAndNothingFar) {
  constexpr std::array<std::string_view, 4> kWords = {"MATCH", "MERGE", "RETURN", "x"};
  EXPECT_EQ(NearestName("MACTH", kWords), "MATCH");
  EXPECT_EQ(NearestName("retrun", kWords), "RETURN");
  EXPECT_EQ(NearestName("SELECT", kWords), std::nullopt);
  EXPECT_EQ(NearestName("y", kWords), std::nullopt);
  EXPECT_EQ(DidYouMean("MACTH", kWords), "Did you mean MATCH?");
  EXPECT_EQ(DidYouMean("SELECT", kWords), "");
}

TEST(SuggestName, TellsTheNearestOrTheFirstTen) {
  EXPECT_EQ(SuggestName("lables", {"labels", "types"}), "did you mean labels?");
  EXPECT_EQ(SuggestName("zzzz", {"types", "labels"}), "known: labels, types");
  EXPECT_EQ(SuggestName("zzzz", {"k", "j", "i", "h", "g", "f", "e", "d", "c", "b", "a"}),
            "known: a, b, c, d, e, f, g, h, i, j, ...");
  EXPECT_EQ(SuggestName("zzzz", {}), "");
}

}  // namespace
}  // namespace tupu
