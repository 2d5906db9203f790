#include "storage/text/normalize.h"

#include <gtest/gtest.h>

namespace tupu {
namespace {

TEST(NormalizeName, FoldsCaseWidthAndCompatibilityForms) {
  EXPECT_EQ(NormalizeName("HUAWEI"), "huawei");
  EXPECT_EQ(NormalizeName("ＨＵＡＷＥＩ"), "huawei");
  EXPECT_EQ(NormalizeName("Straße"), "strasse");
  EXPECT_EQ(NormalizeName("ﬁrm"), "firm");
  EXPECT_EQ(NormalizeName("e\u0301cole"), NormalizeName("\u00c9COLE"));
  EXPECT_EQ(NormalizeName("华为"), "华为");
}

TEST(NormalizeName, TrimsAndJoinsBlanks) {
  EXPECT_EQ(NormalizeName("  China \t Mobile\n"), "china mobile");
  EXPECT_EQ(NormalizeName("\u3000中国\u3000\u00a0移动 "), "中国 移动");
  EXPECT_EQ(NormalizeName(" \u3000"), "");
  EXPECT_EQ(NormalizeName(""), "");
}

TEST(NormalizeName, ReplacesInvalidUtf8) {
  EXPECT_EQ(NormalizeName("a\xff"), "a\uFFFD");
}

TEST(NormalizeName, IsItsOwnNormalForm) {
  for (const char* text : {"ＡＢＣ Straße", "\u1e9e", "\u0345\u0301", "ǰ", "㍿"}) {
    EXPECT_EQ(NormalizeName(NormalizeName(text)), NormalizeName(text)) << text;
  }
}

TEST(DisplayWidth, CountsWideCharactersTwiceAndCombiningOnesNot) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("华为 AI"), 7);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);
  EXPECT_EQ(DisplayWidth("ＡＢ"), 4);
  EXPECT_EQ(DisplayWidth("\u200b"), 0);
}

}  // namespace
}  // namespace tupu
