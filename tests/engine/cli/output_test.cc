#include "engine/cli/output_sink.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/cli/exit_status.h"

namespace tupu {

namespace {

namespace fs = std::filesystem;

class OutputFile : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("tupu-output-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Read() const {
    std::ifstream in(folder_ / "out", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path folder_;
};

}  // namespace

TEST_F(OutputFile, AppearsWholeAtClose) {
  Result<OutputSink> sink = OutputSink::OpenFile(folder_ / "out");
  ASSERT_TRUE(sink.has_value()) << sink.error().message;
  ASSERT_TRUE(sink->Write(std::string(200'000, 'x')).has_value());
  EXPECT_FALSE(fs::exists(folder_ / "out"));
  ASSERT_TRUE(sink->Close().has_value());
  EXPECT_EQ(Read().size(), 200'000u);
}

TEST_F(OutputFile, LeavesWhatWasThereWithoutClose) {
  std::ofstream(folder_ / "out") << "before";
  {
    Result<OutputSink> sink = OutputSink::OpenFile(folder_ / "out");
    ASSERT_TRUE(sink.has_value());
    ASSERT_TRUE(sink->Write("after").has_value());
    ASSERT_TRUE(sink->Flush().has_value());
  }
  EXPECT_EQ(Read(), "before");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
}

TEST_F(OutputFile, SaysWhyItCannotBeWritten) {
  const Result<OutputSink> missing = OutputSink::OpenFile(folder_ / "no" / "out");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(ExitStatusOf(missing.error()), ExitStatus::kInput);
  EXPECT_THAT(missing.error().message, ::testing::HasSubstr("No such file"));
  EXPECT_FALSE(OutputSink::OpenFile(folder_).has_value());
}

TEST(OutputSink, ReportsAFullDisk) {
  Result<OutputSink> sink = OutputSink::OpenFile("/dev/full");
  ASSERT_TRUE(sink.has_value());
  ASSERT_TRUE(sink->Write("x").has_value());
  const Status closed = sink->Close();
  ASSERT_FALSE(closed.has_value());
  EXPECT_EQ(ExitStatusOf(closed.error()), ExitStatus::kInput);
}

TEST(OutputSink, TellsABrokenPipeFromAFailure) {
  ::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ::close(ends[0]);
  OutputSink sink = OutputSink::Of(ends[1], "pipe");
  ASSERT_TRUE(sink.Write("x").has_value());
  const Status flushed = sink.Flush();
  ::close(ends[1]);
  ASSERT_FALSE(flushed.has_value());
  EXPECT_TRUE(IsBrokenPipe(flushed.error()));
  EXPECT_EQ(ExitStatusOf(flushed.error()), ExitStatus::kDone);
}

TEST(ExitStatusOf, HasOneStatusPerErrorCode) {
  const auto of = [](ErrorCode code) { return ExitStatusOf(Error{code, ""}); };
  for (const ErrorCode code : {ErrorCode::kInvalidArgument, ErrorCode::kSyntax, ErrorCode::kBind, ErrorCode::kNotFound,
                               ErrorCode::kAlreadyExists, ErrorCode::kConstraint, ErrorCode::kConflict,
                               ErrorCode::kUnsupported, ErrorCode::kInternal})
    EXPECT_EQ(of(code), ExitStatus::kFailed) << Name(code);
  for (const ErrorCode code : {ErrorCode::kIo, ErrorCode::kBusy, ErrorCode::kCorruption})
    EXPECT_EQ(of(code), ExitStatus::kInput) << Name(code);
  for (const ErrorCode code : {ErrorCode::kResourceExhausted, ErrorCode::kCancelled})
    EXPECT_EQ(of(code), ExitStatus::kStopped) << Name(code);
  EXPECT_EQ(ExitStatusOf(UsageError("x")), ExitStatus::kUsage);
}

}  // namespace tupu
