#include "storage/bulk/key_sorter.h"

#include <algorithm>
#include <cstring>

namespace tupu {

namespace {

constexpr size_t kPieceBytes = 256 << 10;
constexpr size_t kSizes = 2 * sizeof(uint32_t);

/// Ordered as the first bytes are; a shorter key sorts before those that it begins.
uint64_t HeadOf(std::string_view key) {
  uint64_t head = 0;
  std::memcpy(&head, key.data(), std::min<size_t>(key.size(), sizeof head));
  return __builtin_bswap64(head);
}

std::string_view KeyAt(std::string_view bytes, size_t offset) {
  uint32_t size = 0;
  std::memcpy(&size, bytes.data() + offset, sizeof size);
  return bytes.substr(offset + kSizes, size);
}

std::string_view ValueAt(std::string_view bytes, size_t offset) {
  uint32_t sizes[2];
  std::memcpy(sizes, bytes.data() + offset, kSizes);
  return bytes.substr(offset + kSizes + sizes[0], sizes[1]);
}

}  // namespace

Status KeySorter::Feed::Add(std::string_view key, std::string_view value) {
  if (bytes_.size() + kSizes + key.size() + value.size() > sorter_.run_bytes_ && !entries_.empty()) TUPU_TRY(SortRun());
  entries_.push_back({HeadOf(key), static_cast<uint32_t>(bytes_.size())});
  const uint32_t sizes[2] = {static_cast<uint32_t>(key.size()), static_cast<uint32_t>(value.size())};
  bytes_.append(reinterpret_cast<const char*>(sizes), kSizes).append(key).append(value);
  return {};
}

Status KeySorter::Feed::SortRun() {
  if (entries_.empty()) return {};
  const std::string_view bytes = bytes_;
  std::sort(entries_.begin(), entries_.end(), [&](const Entry& a, const Entry& b) {
    return a.head != b.head ? a.head < b.head : KeyAt(bytes, a.offset) < KeyAt(bytes, b.offset);
  });
  Run run;
  std::string piece;
  for (const Entry& entry : entries_) {
    const size_t size = kSizes + KeyAt(bytes, entry.offset).size() + ValueAt(bytes, entry.offset).size();
    piece.append(bytes_, entry.offset, size);
    if (piece.size() < kPieceBytes) continue;
    TUPU_TRY_ASSIGN(SpilledPiece kept, sorter_.pool_.Keep(std::move(piece)));
    run.push_back(std::move(kept));
    piece = std::string();
  }
  if (!piece.empty()) {
    TUPU_TRY_ASSIGN(SpilledPiece kept, sorter_.pool_.Keep(std::move(piece)));
    run.push_back(std::move(kept));
  }
  entries_.clear();
  bytes_.clear();
  const std::scoped_lock lock(sorter_.mutex_);
  sorter_.runs_.push_back(std::move(run));
  return {};
}

/// Walks over one run, a piece in memory at a time.
class KeySorter::RunReader {
 public:
  RunReader(SpillPool& pool, Run run) : pool_(pool), run_(std::move(run)) {}

  /// False at the end.
  Result<bool> Next() {
    if (!bytes_.empty()) offset_ += kSizes + key_.size() + value_.size();
    if (offset_ == bytes_.size()) {
      if (piece_ == run_.size()) return false;
      TUPU_TRY_ASSIGN(bytes_, pool_.Take(std::move(run_[piece_++])));
      offset_ = 0;
    }
    key_ = KeyAt(bytes_, offset_);
    value_ = ValueAt(bytes_, offset_);
    head_ = HeadOf(key_);
    return true;
  }
  std::string_view key() const { return key_; }
  std::string_view value() const { return value_; }
  bool operator>(const RunReader& other) const {
    return head_ != other.head_ ? head_ > other.head_ : key_ > other.key_;
  }

 private:
  SpillPool& pool_;
  Run run_;
  size_t piece_ = 0;
  std::string bytes_;
  size_t offset_ = 0;
  std::string_view key_;
  std::string_view value_;
  uint64_t head_ = 0;
};

Status KeySorter::Merge(const Emit& emit) {
  std::vector<std::unique_ptr<RunReader>> heap;
  for (Run& sorted : runs_) {
    auto reader = std::make_unique<RunReader>(pool_, std::move(sorted));
    TUPU_TRY_ASSIGN(const bool any, reader->Next());
    if (any) heap.push_back(std::move(reader));
  }
  runs_.clear();
  const auto later = [](const auto& a, const auto& b) { return *a > *b; };
  std::make_heap(heap.begin(), heap.end(), later);
  std::string key = prefix_;
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    RunReader& least = *heap.back();
    key.resize(prefix_.size());
    key.append(least.key());
    TUPU_TRY(emit(key, least.value()));
    TUPU_TRY_ASSIGN(const bool more, least.Next());
    if (!more) {
      heap.pop_back();
    } else {
      std::push_heap(heap.begin(), heap.end(), later);
    }
  }
  return {};
}

}  // namespace tupu
