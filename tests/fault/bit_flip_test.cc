// One bit of one file of a database is flipped: every answer is right, or damage is reported. Nothing is lost silently.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "storage/csr/topology.h"
#include "storage/graph/graph_snapshot.h"
#include "storage/kv/log_copy.h"
#include "tests/fault/fault_config.h"
#include "tests/fault/faulty_store.h"
#include "tests/fault/writer_script.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;

void FlipBit(const fs::path& file, uint64_t bit) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(bit / 8));
  const int byte = stream.get();
  stream.seekp(static_cast<std::streamoff>(bit / 8));
  stream.put(static_cast<char>(byte ^ 1 << bit % 8));
}

class BitFlip : public testing::Test {
 protected:
  static constexpr uint32_t kWriters = 2;

  /// A database with tables and an older and a newest log, as a process that was killed leaves it.
  BitFlip() : random_(FaultSeed()) {
    const auto store = Must(OpenFaulty(directory_ / "db", nullptr));
    MustBeDone(PrepareScript(*store.graph));
    // Some more when a new log has just begun: tests cut and flip the end of the newest.
    for (uint64_t number = 1; number <= kCommits || NewestLogSize() < kLeastLog; ++number) {
      done_ = number;
      for (uint32_t writer = 0; writer < kWriters; ++writer) MustBeDone(RunScript(*store.graph, writer, number));
      if (number == kCommits / 2) MustBeDone(store.kv->Compact());
      // Under a log that lies over it.
      if (number == kCommits - 20) Must(store.graph->SaveCsrs());
    }
    CopyLiveFolder(std::string(directory_ / "db"), original());
    for (const fs::path& log : FilesOf(".log")) MustBeDone(CutLogCopy(original() / log));
  }
  /// As a log is that was written ahead of its records. The ends of its records stay where they were.
  void AddZeros(const fs::path& log) const {
    fs::resize_file(original() / log, fs::file_size(original() / log) + (40 << 10));
  }
  fs::path original() const { return directory_ / "original"; }
  fs::path copy() const { return directory_ / "copy"; }

  std::vector<fs::path> FilesOf(const std::string& kind) const {
    std::vector<fs::path> files;
    for (const auto& file : fs::directory_iterator(original())) {
      if (file.path().filename().string().find(kind) == std::string::npos || file.file_size() == 0) continue;
      files.push_back(file.path().filename());
    }
    std::sort(files.begin(), files.end());  // the newest last
    return files;
  }

  uint64_t NewestLogSize() const {
    std::map<fs::path, uint64_t> logs;
    for (const auto& file : fs::directory_iterator(std::string(directory_ / "db"))) {
      std::error_code gone;
      if (file.path().extension() == ".log") logs[file.path()] = file.file_size(gone);
    }
    return logs.empty() ? 0 : logs.rbegin()->second;
  }

  /// What someone who reads all of the damaged copy is told.
  Result<std::vector<uint64_t>> ReadCopy() {
    read_saved_csrs_ = false;
    TUPU_TRY_ASSIGN(const auto store, OpenFaulty(copy(), nullptr));
    TUPU_TRY_ASSIGN(const auto view, store.graph->Snapshot());
    TUPU_TRY(dynamic_cast<const GraphSnapshot&>(*view).topology()->Build());
    for (const AdjacencyForm& form : view->AdjacencyForms()) read_saved_csrs_ = read_saved_csrs_ || form.from_file;
    return FindProgress(*view, {done_, done_}, {done_, done_});
  }

  /// True if damage was reported. `bit` of `file` (in the original) is flipped in a copy.
  bool FlipAndRead(const fs::path& file, uint64_t bit) {
    fs::remove_all(copy());
    fs::copy(original(), copy(), fs::copy_options::recursive);
    FlipBit(copy() / file, bit);
    const auto found = ReadCopy();
    if (found) return false;
    const ErrorCode code = found.error().code;
    EXPECT_TRUE(code == ErrorCode::kCorruption || code == ErrorCode::kIo || code == ErrorCode::kNotFound ||
                code == ErrorCode::kUnsupported)
        << file << " bit " << bit << ": " << Name(code) << ": " << found.error().message;
    return true;
  }

  void Run(const std::string& kind, uint64_t flips) {
    uint64_t reported = 0;
    const std::vector<fs::path> files = FilesOf(kind);
    ASSERT_FALSE(files.empty()) << kind;
    for (uint64_t flip = 0; flip < flips && !HasFailure(); ++flip) {
      const fs::path& file = files[random_() % files.size()];
      reported += FlipAndRead(file, random_() % (fs::file_size(original() / file) * 8)) ? 1 : 0;
    }
    std::printf("%s: %llu flips, %llu reported, the others without effect\n", kind.c_str(),
                static_cast<unsigned long long>(flips), static_cast<unsigned long long>(reported));
    EXPECT_GT(reported, flips / 2);
  }

  static constexpr uint64_t kCommits = 60;  // at least
  static constexpr uint64_t kLeastLog = 2048;
  TemporaryDirectory directory_{FastFolder()};
  std::mt19937_64 random_;
  uint64_t done_ = 0;             // commits of each writer
  bool read_saved_csrs_ = false;  // by the last ReadCopy
};

TEST_F(BitFlip, InATableIsReportedOrWithoutEffect) {
  Run(".sst", FaultCount("TUPU_FAULT_FLIPS", 200) * 2 / 5);
}
TEST_F(BitFlip, InTheLogIsReportedOrWithoutEffect) {
  Run(".log", FaultCount("TUPU_FAULT_FLIPS", 200) * 2 / 5);
}
TEST_F(BitFlip, InTheManifestIsReportedOrWithoutEffect) {
  Run("MANIFEST", FaultCount("TUPU_FAULT_FLIPS", 200) / 5);
}

// They are a cache: a damaged one is never used, and never an error.
TEST_F(BitFlip, InTheSavedCsrsLeavesThemUnused) {
  const std::vector<fs::path> files = FilesOf(".tupu");
  ASSERT_EQ(files.size(), 1u);
  const uint64_t bits = fs::file_size(original() / files[0]) * 8;
  const uint64_t flips = FaultCount("TUPU_FAULT_FLIPS", 200) * 2 / 5;
  for (uint64_t flip = 0; flip < flips && !HasFailure(); ++flip) {
    const uint64_t bit = random_() % bits;
    EXPECT_FALSE(FlipAndRead(files[0], bit)) << "bit " << bit;
    EXPECT_FALSE(read_saved_csrs_) << "bit " << bit;
  }
  fs::remove_all(copy());
  fs::copy(original(), copy(), fs::copy_options::recursive);
  EXPECT_DONE(ReadCopy());
  EXPECT_TRUE(read_saved_csrs_) << "whole, they are used";
}

// The bits that RocksDB alone would take for the end of a file: length and type of each of the last records, all of them.
// Also where zeros follow.
TEST_F(BitFlip, InTheHeaderOfALastRecordIsReported) {
  constexpr size_t kHeader = 7;
  for (const bool zeros : {false, true}) {
    for (const std::string kind : {".log", "MANIFEST"}) {
      if (zeros && kind != ".log") continue;
      const fs::path file = FilesOf(kind).back();
      std::ifstream in(original() / file, std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
      std::vector<size_t> records;
      constexpr size_t kBlock = 32'768;  // begins with a record; the last may have begun just now
      for (size_t at = std::max(bytes.size() / kBlock, size_t{1}) * kBlock - kBlock; at + kHeader <= bytes.size();) {
        if (kBlock - at % kBlock < kHeader) {  // no room for a record: zeros
          at += kBlock - at % kBlock;
          continue;
        }
        records.push_back(at);
        at += kHeader + (static_cast<unsigned char>(bytes[at + 4]) | static_cast<unsigned char>(bytes[at + 5]) << 8);
      }
      ASSERT_GE(records.size(), 2u);
      if (zeros) AddZeros(file);
      for (const size_t record : {records[records.size() - 2], records.back()}) {
        for (uint64_t bit = 32; bit < 8 * kHeader; ++bit) {
          EXPECT_TRUE(FlipAndRead(file, 8 * record + bit)) << file << ": bit " << bit << " of the record at " << record;
        }
      }
    }
  }
}

// Any bit of the last records of a log, where zeros follow: a torn record is to be told from a damaged one. And of the zeros.
TEST_F(BitFlip, InALogWrittenAheadIsReportedOrWithoutEffect) {
  const fs::path log = FilesOf(".log").back();
  const uint64_t end = fs::file_size(original() / log);
  AddZeros(log);
  const uint64_t flips = FaultCount("TUPU_FAULT_FLIPS", 200) / 5;
  for (uint64_t flip = 0; flip < flips; ++flip) {
    const uint64_t bit = 8 * (end - 1'000) + random_() % 8'000;
    EXPECT_TRUE(FlipAndRead(log, bit)) << "bit " << bit;
    const uint64_t unused = 8 * end + random_() % (8 * 40 << 10);
    EXPECT_FALSE(FlipAndRead(log, unused)) << "bit " << unused << " of the zeros";
  }
}

// RocksDB interprets the properties of a table before it verifies them, and what their last bit says ends the process.
TEST_F(BitFlip, InTheLastNumberOfTheTablesPropertiesIsReported) {
  for (const fs::path& table : FilesOf(".sst")) {
    std::ifstream in(original() / table, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    // They lie just before the block that lists the others, which names them and, before them, the filter.
    const size_t named = bytes.rfind("rocksdb.properties");
    ASSERT_NE(named, std::string::npos) << table;
    size_t reported = 0;
    for (size_t at = named - 80; at < named; ++at) reported += FlipAndRead(table, 8 * at + 7) ? 1 : 0;
    EXPECT_GE(reported, 4u) << table;  // the bytes of the number at least
  }
}

// The other side: a record that was cut off anywhere is the end, not damage; also where zeros follow.
TEST_F(BitFlip, ATornEndIsNotDamage) {
  const fs::path log = FilesOf(".log").back();
  const uint64_t size = fs::file_size(original() / log);
  for (uint64_t cut = 1; cut < 400; cut += 1 + random_() % 9) {
    fs::remove_all(copy());
    fs::copy(original(), copy(), fs::copy_options::recursive);
    const bool zeros = random_() % 2 == 0;
    fs::resize_file(copy() / log, zeros ? (size - cut) / 512 * 512 : size - cut);  // a disk writes sectors
    if (zeros) fs::resize_file(copy() / log, size + (40 << 10));
    const auto store = OpenFaulty(copy(), nullptr);
    ASSERT_TRUE(store) << cut << " bytes short: " << store.error().message;
    const auto view = Must(store->graph->Snapshot());
    EXPECT_DONE(FindProgress(*view, {done_ - 4, done_ - 4}, {done_, done_}));
  }
}

// A copied folder has the table names and identities of the first: blocks of one must not answer for the other.
TEST_F(BitFlip, ADamagedCopyIsNotServedFromTheOriginalsCache) {
  fs::copy(original(), directory_ / "good", fs::copy_options::recursive);
  const auto good = Must(OpenFaulty(directory_ / "good", nullptr));
  const auto good_holds_all = [&] {
    const auto view = Must(good.graph->Snapshot());
    EXPECT_DONE(FindProgress(*view, {done_, done_}, {done_, done_}));
  };
  good_holds_all();
  fs::path largest;  // one that surely is read
  for (const fs::path& table : FilesOf(".sst")) {
    if (largest.empty() || fs::file_size(original() / table) > fs::file_size(original() / largest)) largest = table;
  }
  EXPECT_TRUE(FlipAndRead(largest, 80)) << largest;  // a table begins with its data
  good_holds_all();
}

}  // namespace
}  // namespace tupu
