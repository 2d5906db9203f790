#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include <tupu/result.h>

namespace tupu {

/// Bytes that a pool keeps: in memory, or a place in its file.
struct SpilledPiece {
  std::string bytes;    // in memory
  uint64_t offset = 0;  // on disk
  uint64_t size = 0;    // of either
  bool on_disk = false;
};

/// Keeps pieces of some 10 KiB and more, in memory up to a budget and beyond it in one temporary file. Threads: safe.
class SpillPool {
 public:
  /// `directory` must be there; empty: everything stays in memory.
  SpillPool(std::string directory, uint64_t memory_budget);
  ~SpillPool();
  SpillPool(const SpillPool&) = delete;
  SpillPool& operator=(const SpillPool&) = delete;

  /// Errors: kIo (disk full, ...).
  Result<SpilledPiece> Keep(std::string&& bytes);
  /// The bytes of a piece, which is spent. Errors: kIo.
  Result<std::string> Take(SpilledPiece&& piece);
  /// Part of a piece that lies on disk or in memory; the piece stays. Requires: begin + size <= piece.size.
  Status Read(const SpilledPiece& piece, uint64_t begin, uint64_t size, std::string& out) const;

  uint64_t bytes_on_disk() const { return file_end_; }

 private:
  Status OpenFile();

  const std::string directory_;
  const uint64_t memory_budget_;
  std::atomic<uint64_t> in_memory_ = 0;
  std::mutex mutex_;
  int file_ = -1;
  std::atomic<uint64_t> file_end_ = 0;
};

}  // namespace tupu
