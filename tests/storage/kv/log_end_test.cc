// Where the records of a log end whose file goes on behind them, and what may not pass for such an end.

#include "storage/kv/internal/log_end.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <rocksdb/file_checksum.h>

#include "storage/kv/internal/log_records.h"

namespace tupu {
namespace {

/// A file in memory, which may grow.
class Bytes : public rocksdb::FSRandomAccessFile {
 public:
  explicit Bytes(const std::string& bytes) : bytes_(bytes) {}
  rocksdb::IOStatus Read(uint64_t offset, size_t size, const rocksdb::IOOptions&, rocksdb::Slice* result, char* scratch,
                         rocksdb::IODebugContext*) const override {
    const size_t most = offset < bytes_.size() ? std::min<size_t>(size, bytes_.size() - offset) : 0;
    if (most > 0) std::memcpy(scratch, bytes_.data() + offset, most);
    *result = rocksdb::Slice(scratch, most);
    return rocksdb::IOStatus::OK();
  }

 private:
  const std::string& bytes_;
};

std::string Little(uint64_t number, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; ++i) text.push_back(static_cast<char>(number >> 8 * i & 0xff));
  return text;
}

std::string Piece(LogRecordType type, const std::string& payload) {
  const std::string summed = Little(static_cast<uint64_t>(type), 1) + payload;
  const auto generator = rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator({});
  generator->Update(summed.data(), summed.size());
  generator->Finalize();
  uint32_t crc = 0;
  for (const char byte : generator->GetChecksum()) crc = crc << 8 | static_cast<unsigned char>(byte);
  return Little(static_cast<uint32_t>((crc >> 15 | crc << 17) + 0xa282ead8u), 4) + Little(payload.size(), 2) + summed;
}

/// Appends a record as RocksDB does.
void AddRecord(std::string& log, std::string payload) {
  bool first = true;
  do {
    size_t room = kLogBlock - log.size() % kLogBlock;
    if (room < kLogHeader) {
      log.append(room, '\0');
      room = kLogBlock;
    }
    const std::string part = payload.substr(0, room - kLogHeader);
    payload.erase(0, part.size());
    using enum LogRecordType;
    log += Piece(payload.empty() ? (first ? kFull : kLast) : (first ? kFirst : kMiddle), part);
    first = false;
  } while (!payload.empty());
}

class LogEndTest : public testing::Test {
 protected:
  std::string Payload(size_t size) {
    std::string payload(size, '\0');
    // A third of the bytes are zero, as in keys.
    for (char& byte : payload) byte = static_cast<char>(random_() % 3 == 0 ? 0 : random_() % 256);
    return payload;
  }
  std::string Records(size_t bytes) {
    std::string log;
    while (log.size() < bytes) AddRecord(log, Payload(1 + random_() % 900));
    return log;
  }

  static LogEnd Find(const std::string& log, uint64_t from = 0) {
    Bytes file(log);
    LogEnd end;
    EXPECT_TRUE(FindLogEnd(file, from, &end).ok());
    EXPECT_EQ(end.size, log.size());
    return end;
  }

  std::mt19937_64 random_{20'211};
};

TEST_F(LogEndTest, ALogWithoutMoreEndsWithItsFile) {
  for (const size_t bytes : {0, 10, 5'000, 100'000}) {
    const std::string log = bytes == 0 ? "" : Records(bytes);
    EXPECT_EQ(Find(log), (LogEnd{log.size(), log.size(), LogRest::kNothing}));
  }
}

TEST_F(LogEndTest, ZerosBehindTheRecordsAreNotOfTheLog) {
  for (int i = 0; i < 200; ++i) {
    std::string log = Records(random_() % 70'000);
    const uint64_t end = log.size();
    log.append(1 + random_() % 80'000, '\0');
    const LogEnd found = Find(log);
    EXPECT_EQ(found.rest, LogRest::kZeros);
    // Behind it or behind the zeros that end its block.
    EXPECT_TRUE(found.offset == end || (found.offset % kLogBlock == 0 && found.offset - end < kLogHeader));
  }
}

TEST_F(LogEndTest, BlocksThatEndInEveryWayAreReadOn) {
  for (size_t rest = 0; rest < 2 * kLogHeader; ++rest) {
    std::string log;
    AddRecord(log, Payload(kLogBlock - kLogHeader - rest));
    AddRecord(log, Payload(100));
    const uint64_t end = log.size();
    log.append(1'000, '\0');
    EXPECT_EQ(Find(log), (LogEnd{end, log.size(), LogRest::kZeros})) << rest;
  }
}

TEST_F(LogEndTest, ALaterLookGoesOnFromAnEarlierOne) {
  std::string log = Records(40'000);
  log.append(5'000, '\0');
  const LogEnd before = Find(log);
  const std::string whole = Records(3'000);
  log.replace(before.offset, whole.size(), whole);
  EXPECT_EQ(Find(log, before.offset), Find(log));
  EXPECT_GT(Find(log).offset, before.offset);
  EXPECT_EQ(Find("", before.offset).offset, 0u);  // it was cut meanwhile
}

// What a write within zeros may leave when the power goes: any of its sectors may be missing.
TEST_F(LogEndTest, ARecordThatLacksSectorsIsUnfinished) {
  constexpr size_t kSector = 512;
  int unfinished = 0;
  for (int i = 0; i < 200; ++i) {
    std::string log = Records(random_() % 70'000);
    const uint64_t end = log.size();
    AddRecord(log, Payload(1 + random_() % (i % 5 == 0 ? 90'000 : 3'000)));
    const uint64_t written = log.size();
    const std::string whole = log;
    for (uint64_t at = end; at < written;) {
      const uint64_t next = std::min((at / kSector + 1) * kSector, written);
      if (random_() % 3 == 0)
        std::fill(log.begin() + static_cast<ptrdiff_t>(at), log.begin() + static_cast<ptrdiff_t>(next), '\0');
      at = next;
    }
    log.append(100'000, '\0');
    const LogEnd found = Find(log);
    ASSERT_TRUE(found.is_short_of_file()) << i;
    if (log.compare(0, written, whole) == 0) {
      EXPECT_GE(found.offset, written);
    } else {
      EXPECT_LT(found.offset, written);  // pieces that are whole may stand before the one that is not
      unfinished += found.rest == LogRest::kUnfinished;
    }
    EXPECT_GE(found.offset, end);
  }
  EXPECT_GT(unfinished, 80);
}

// What a process that was killed, or one that is just writing, leaves: a beginning.
TEST_F(LogEndTest, ARecordThatLacksItsEndIsUnfinished) {
  std::string log = Records(2'000);
  const uint64_t end = log.size();
  AddRecord(log, std::string(300, 'x'));
  const uint64_t written = log.size();
  for (uint64_t kept = end; kept < written; ++kept) {
    std::string cut = log.substr(0, kept);
    cut.append(10'000, '\0');
    const LogEnd found = Find(cut);
    EXPECT_EQ(found.offset, end) << kept;
    EXPECT_TRUE(found.is_short_of_file()) << kept;
  }
}

// The same, whatever little there was of the record in its last sector.
TEST_F(LogEndTest, ARecordThatLacksItsLastSectorIsUnfinishedWhateverStoodThere) {
  for (size_t last = 1; last < 20; ++last) {
    std::string log;
    const std::string ending = std::string(last - 1, '\0') + '\1';  // one bit
    AddRecord(log, Payload(512 - kLogHeader) + ending);
    std::fill_n(log.end() - static_cast<ptrdiff_t>(last), last, '\0');
    log.append(5'000, '\0');
    EXPECT_EQ(Find(log), (LogEnd{0, log.size(), LogRest::kUnfinished})) << last;
  }
}

TEST_F(LogEndTest, ARecordWithAFlippedBitIsDamageAlsoAtTheEnd) {
  std::string log = Records(2'000);
  const uint64_t end = log.size();
  AddRecord(log, Payload(300) + std::string(1'500, '\0') + Payload(300));  // zeros of its own fill sectors
  const uint64_t written = log.size();
  log.append(10'000, '\0');
  for (uint64_t bit = end * 8; bit < written * 8; bit += 1 + random_() % 15) {
    log[bit / 8] = static_cast<char>(log[bit / 8] ^ 1 << bit % 8);
    const LogEnd found = Find(log);
    EXPECT_EQ(found.rest, LogRest::kDamage) << "bit " << bit - end * 8;
    log[bit / 8] = static_cast<char>(log[bit / 8] ^ 1 << bit % 8);
  }
}

TEST_F(LogEndTest, ARecordThatOthersFollowIsDamageWhateverItLacks) {
  for (int i = 0; i < 100; ++i) {
    std::string log = Records(random_() % 40'000);
    const uint64_t end = log.size();
    AddRecord(log, Payload(600 + random_() % (i % 2 == 0 ? 60'000 : 2'000)));
    const uint64_t written = log.size();
    AddRecord(log, Payload(1 + random_() % (i % 3 == 0 ? 40'000 : 500)));
    const uint64_t at = end + random_() % (written - end - 64);
    std::fill_n(log.begin() + static_cast<ptrdiff_t>(at), 64, '\0');
    log.append(50'000, '\0');
    EXPECT_EQ(Find(log).rest, LogRest::kDamage) << i;
  }
}

TEST_F(LogEndTest, ABitInTheZerosCostsNothing) {
  std::string log = Records(2'000);
  const uint64_t end = log.size();
  log.append(10'000, '\0');
  for (uint64_t bit = end * 8; bit < log.size() * 8; bit += 1 + random_() % 127) {
    log[bit / 8] = static_cast<char>(1 << bit % 8);
    EXPECT_EQ(Find(log), (LogEnd{end, log.size(), LogRest::kZeros})) << "bit " << bit - end * 8;
    log[bit / 8] = 0;
  }
}

TEST_F(LogEndTest, AReaderSeesRecordsAsTheyAreWritten) {
  std::string log(100'000, '\0');
  const auto reader = ReadUpToLogEnd(std::make_unique<Bytes>(log));
  std::string written;
  std::string read;
  const auto read_all = [&] {
    std::vector<char> buffer(kLogBlock);
    rocksdb::Slice part;
    do {
      EXPECT_TRUE(reader->Read(buffer.size(), {}, &part, buffer.data(), nullptr).ok());
      read.append(part.data(), part.size());
    } while (!part.empty());
  };
  while (written.size() < 90'000) {
    AddRecord(written, Payload(1 + random_() % 2'000));
    // Half of it, then all.
    const size_t half = (read.size() + written.size()) / 2;
    log.replace(0, half, written, 0, half);
    read_all();
    EXPECT_LE(read.size(), half);
    log.replace(0, written.size(), written);
    read_all();
    EXPECT_EQ(read, log.substr(0, read.size()));
    EXPECT_GE(read.size(), written.size());
  }
}

}  // namespace
}  // namespace tupu
