#include "engine/export/render.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tupu {

namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kSmall = "digraph { a [label=\"华为\"]; a -> b; }";

// A graph that takes Graphviz far longer than the tests wait.
std::string SlowGraph() {
  std::string dot = "digraph { rankdir=LR; splines=ortho;\n";
  for (int i = 0; i < 4000; ++i)
    dot += "v" + std::to_string(i % 600) + " -> v" + std::to_string((i * 7919) % 600) + ";\n";
  return dot + "}";
}

}  // namespace

TEST(RenderDot, DrawsSvgAndPng) {
  const Result<std::string> svg = RenderDot(kSmall, "svg", {}, {});
  ASSERT_TRUE(svg.has_value()) << svg.error().message;
  EXPECT_THAT(*svg, HasSubstr("<svg"));
  EXPECT_THAT(*svg, HasSubstr("华为"));
  const Result<std::string> png = RenderDot(kSmall, "png", {}, {});
  ASSERT_TRUE(png.has_value()) << png.error().message;
  EXPECT_THAT(*png, StartsWith("\x89PNG"));
}

TEST(RenderDot, SaysHowToInstallGraphviz) {
  RenderLimits limits;
  limits.program = "no-such-graphviz";
  const Result<std::string> drawing = RenderDot(kSmall, "svg", limits, {});
  ASSERT_FALSE(drawing.has_value());
  EXPECT_EQ(drawing.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(drawing.error().hint, HasSubstr("apt install graphviz"));
}

TEST(RenderDot, PassesOnWhatGraphvizSays) {
  const Result<std::string> drawing = RenderDot("digraph { a -> ", "svg", {}, {});
  ASSERT_FALSE(drawing.has_value());
  EXPECT_EQ(drawing.error().code, ErrorCode::kIo);
  EXPECT_THAT(drawing.error().message, HasSubstr("syntax error"));
}

TEST(RenderDot, RefusesOtherFormats) {
  EXPECT_EQ(RenderDot(kSmall, "pdf", {}, {}).error().code, ErrorCode::kInvalidArgument);
}

TEST(RenderDot, StopsAtTheTimeLimit) {
  RenderLimits limits;
  limits.time = std::chrono::milliseconds(300);
  const auto begin = std::chrono::steady_clock::now();
  const Result<std::string> drawing = RenderDot(SlowGraph(), "svg", limits, {});
  ASSERT_FALSE(drawing.has_value());
  EXPECT_EQ(drawing.error().code, ErrorCode::kResourceExhausted) << drawing.error().message;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST(RenderDot, StopsAtTheMemoryLimit) {
  RenderLimits limits;
  limits.memory_bytes = 24u << 20;  // enough to start in, not to draw in
  const Result<std::string> drawing = RenderDot(SlowGraph(), "svg", limits, {});
  EXPECT_FALSE(drawing.has_value());
}

TEST(RenderDot, StopsWhenCancelled) {
  CancellationToken token;
  std::thread canceller([token]() mutable {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    token.Cancel();
  });
  const Result<std::string> drawing = RenderDot(SlowGraph(), "svg", {}, token);
  canceller.join();
  ASSERT_FALSE(drawing.has_value());
  EXPECT_EQ(drawing.error().code, ErrorCode::kCancelled);
}

TEST(RenderDot, SurvivesAChildThatReadsNothing) {
  RenderLimits limits;
  limits.program = "false";
  const Result<std::string> drawing = RenderDot(std::string(1 << 20, 'x'), "svg", limits, {});
  ASSERT_FALSE(drawing.has_value());
  EXPECT_EQ(drawing.error().code, ErrorCode::kIo);
}

}  // namespace tupu
