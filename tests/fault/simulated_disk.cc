#include "tests/fault/simulated_disk.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace tupu {

namespace {

namespace fs = std::filesystem;

std::string FolderOf(const std::string& path) {
  return fs::path(path).parent_path().string();
}

std::optional<SimulatedDisk::Counted> KindOf(FileOperation operation) {
  switch (operation) {
    case FileOperation::kSync:
    case FileOperation::kSyncDirectory: return SimulatedDisk::Counted::kSyncs;
    case FileOperation::kRead: return SimulatedDisk::Counted::kReads;
    case FileOperation::kOpen: return std::nullopt;
    default: return SimulatedDisk::Counted::kWrites;
  }
}

std::string ReadTail(const std::string& path, uint64_t from, uint64_t to) {
  std::string bytes(to - from, '\0');
  std::ifstream in(path, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(from));
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return bytes;
}

}  // namespace

SimulatedDisk::SimulatedDisk(std::string root, std::string attic, uint64_t seed)
    : root_(std::move(root)), attic_(std::move(attic)), random_(seed) {
  fs::create_directories(attic_);
}

void SimulatedDisk::CutPowerAt(uint64_t n) {
  const std::lock_guard lock(mutex_);
  cut_after_ = n - 1;
}

void SimulatedDisk::CutPower() {
  const std::lock_guard lock(mutex_);
  cut_ = true;
}

bool SimulatedDisk::is_cut() const {
  const std::lock_guard lock(mutex_);
  return cut_;
}

void SimulatedDisk::FailAt(Counted kind, uint64_t n, uint64_t count, FileVerdict::Kind how, std::string suffix) {
  const std::lock_guard lock(mutex_);
  Counter& counter = counters_[static_cast<size_t>(kind)];
  counter.fail_from = counter.seen + n;
  counter.fail_to = counter.fail_from + count;
  counter.how = how;
  counter.suffix = std::move(suffix);
  failed_ = 0;
}

uint64_t SimulatedDisk::failed() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

void SimulatedDisk::LimitSpace(std::optional<uint64_t> bytes) {
  const std::lock_guard lock(mutex_);
  space_ = bytes;
}

uint64_t SimulatedDisk::used_bytes() const {
  const std::lock_guard lock(mutex_);
  uint64_t used = 0;
  for (const auto& [path, state] : files_) used += state->length;
  return used;
}

uint64_t SimulatedDisk::operations(Counted kind) const {
  const std::lock_guard lock(mutex_);
  return counters_[static_cast<size_t>(kind)].seen;
}

/// Files that were there before are taken as synced.
std::shared_ptr<SimulatedDisk::FileState>& SimulatedDisk::StateOf(const std::string& path) {
  std::shared_ptr<FileState>& state = files_[path];
  if (!state) {
    state = std::make_shared<FileState>();
    std::error_code missing;
    const auto size = fs::file_size(path, missing);
    if (!missing) state->length = state->synced = size;
  }
  return state;
}

std::string SimulatedDisk::KeepInAttic(const std::string& path, bool move) {
  const std::string kept = attic_ + "/" + std::to_string(next_kept_++);
  std::error_code failed;
  if (move) {
    fs::rename(path, kept, failed);
  } else {
    fs::create_hard_link(path, kept, failed);
  }
  return failed ? std::string() : kept;
}

FileVerdict SimulatedDisk::JudgeSpace(const FileCall& call) {
  if (!space_ || (call.operation != FileOperation::kAppend && call.operation != FileOperation::kWriteAt)) return {};
  uint64_t used = 0;
  for (const auto& [path, state] : files_) used += state->length;
  const uint64_t length = StateOf(std::string(call.path))->length;
  const uint64_t within = std::min(call.bytes, length - std::min(length, call.offset));
  if (used + call.bytes - within <= *space_) return {};
  ++failed_;
  return {FileVerdict::kNoSpace, within + (used < *space_ ? *space_ - used : 0)};
}

FileVerdict SimulatedDisk::Judge(const FileCall& call) {
  const auto kind = KindOf(call.operation);
  if (!kind) return {};
  if (cut_) return {*kind == Counted::kReads ? FileVerdict::kDo : FileVerdict::kFail};
  Counter& counter = counters_[static_cast<size_t>(*kind)];
  if (call.path.ends_with(counter.suffix)) ++counter.seen;
  if (cut_after_ && *kind != Counted::kReads) {
    if (*cut_after_ == 0) {
      cut_ = true;
      cut_after_.reset();
      return {FileVerdict::kFail, Random(call.bytes + 1)};
    }
    --*cut_after_;
  }
  if (call.path.ends_with(counter.suffix) && counter.seen >= counter.fail_from && counter.seen < counter.fail_to) {
    ++failed_;
    return {counter.how, Random(2) == 0 ? 0 : Random(call.bytes + 1)};
  }
  return JudgeSpace(call);
}

/// Within what was synced. A write that fails may write a part.
void SimulatedDisk::NoteOverwritten(const FileCall& call) {
  if (call.operation != FileOperation::kAppend && call.operation != FileOperation::kWriteAt) return;
  const std::string path(call.path);
  FileState& state = *StateOf(path);
  const uint64_t end = std::min(call.offset + call.bytes, state.synced);
  if (call.offset < end) state.overwritten.push_back({call.offset, ReadTail(path, call.offset, end)});
}

FileVerdict SimulatedDisk::Before(const FileCall& call) {
  const std::lock_guard lock(mutex_);
  if (!IsBelowRoot(call.path)) return {};
  const FileVerdict verdict = Judge(call);
  NoteOverwritten(call);
  if (verdict.kind != FileVerdict::kDo) return verdict;
  const std::string path(call.path);
  switch (call.operation) {
    case FileOperation::kSync:
    case FileOperation::kSyncDirectory: return {FileVerdict::kPretend};
    case FileOperation::kDelete: {
      if (fs::is_directory(path)) return {};
      auto state = StateOf(path);
      std::string kept = KeepInAttic(path, true);
      if (kept.empty()) return {};  // it is not there: let the caller be told so
      unsynced_.push_back({Change::kDeleted, FolderOf(path), path, {}, std::move(kept), std::move(state)});
      files_.erase(path);
      return {FileVerdict::kPretend};
    }
    case FileOperation::kCreate: {
      if (!fs::exists(path)) return {};
      auto state = StateOf(path);
      unsynced_.push_back({Change::kDeleted, FolderOf(path), path, {}, KeepInAttic(path, true), std::move(state)});
      files_.erase(path);
      return {};
    }
    case FileOperation::kRename: {
      Change change{Change::kRenamed, FolderOf(path), path, std::string(call.target), {}, {}};
      if (fs::exists(change.target)) {
        change.state = StateOf(change.target);
        change.kept = KeepInAttic(change.target, false);
      }
      unsynced_.push_back(std::move(change));
      return {};
    }
    case FileOperation::kTruncate: {
      FileState& state = *StateOf(path);
      if (call.bytes >= state.synced) return {};
      Revert(path, state, call.bytes, false);  // what was written into the tail does not come back with it
      state.cut_tail = ReadTail(path, call.bytes, state.synced);
      return {};
    }
    default: return {};
  }
}

void SimulatedDisk::After(const FileCall& call) {
  const std::lock_guard lock(mutex_);
  if (!IsBelowRoot(call.path)) return;
  const std::string path(call.path);
  switch (call.operation) {
    case FileOperation::kCreate:
      files_[path] = std::make_shared<FileState>();
      unsynced_.push_back({Change::kCreated, FolderOf(path), path, {}, {}, {}});
      break;
    case FileOperation::kCreateDirectory:
      unsynced_.push_back({Change::kCreated, FolderOf(path), path, {}, {}, {}});
      break;
    case FileOperation::kAppend:
    case FileOperation::kWriteAt: {
      FileState& state = *StateOf(path);
      state.length = std::max(state.length, call.offset + call.bytes);
      state.cut_tail.clear();
      break;
    }
    case FileOperation::kTruncate: {
      FileState& state = *StateOf(path);
      state.length = call.bytes;
      state.synced = std::min(state.synced, call.bytes);
      break;
    }
    case FileOperation::kSync: {
      if (ignore_syncs_) break;
      FileState& state = *StateOf(path);
      state.synced = state.length;
      state.cut_tail.clear();
      state.overwritten.clear();
      break;
    }
    case FileOperation::kSyncDirectory:
      if (ignore_syncs_) break;
      std::erase_if(unsynced_, [&](const Change& change) {
        if (change.folder != path) return false;
        std::error_code ignored;
        if (!change.kept.empty()) fs::remove(change.kept, ignored);
        return true;
      });
      break;
    case FileOperation::kRename:
      files_[std::string(call.target)] = StateOf(path);
      files_.erase(path);
      break;
    case FileOperation::kLink:
      files_[std::string(call.target)] = StateOf(path);
      unsynced_.push_back({Change::kCreated, FolderOf(std::string(call.target)), std::string(call.target), {}, {}, {}});
      break;
    default: break;
  }
}

void SimulatedDisk::Undo(const Change& change) {
  std::error_code ignored;
  switch (change.kind) {
    case Change::kCreated:
      fs::remove_all(change.path, ignored);
      files_.erase(change.path);
      break;
    case Change::kRenamed:
      fs::rename(change.target, change.path, ignored);
      if (const auto moved = files_.find(change.target); moved != files_.end()) {
        files_[change.path] = moved->second;
        files_.erase(change.target);
      }
      if (change.kept.empty()) break;
      fs::rename(change.kept, change.target, ignored);
      files_[change.target] = change.state;
      break;
    case Change::kDeleted:
      if (change.kept.empty()) break;
      fs::rename(change.kept, change.path, ignored);
      files_[change.path] = change.state;
      break;
  }
}

/// Puts back what was overwritten from `from` on; in the mild way some sectors of it.
void SimulatedDisk::Revert(const std::string& path, FileState& state, uint64_t from, bool mild) {
  constexpr uint64_t kSector = 512;
  std::fstream file;
  if (!state.overwritten.empty()) file.open(path, std::ios::binary | std::ios::in | std::ios::out);
  for (size_t i = state.overwritten.size(); i-- > 0;) {
    auto& [offset, bytes] = state.overwritten[i];
    for (uint64_t at = std::max(offset, from); at < offset + bytes.size();) {
      const uint64_t end = std::min((at / kSector + 1) * kSector, offset + bytes.size());
      if (!mild || Random(2) == 0) {
        file.seekp(static_cast<std::streamoff>(at));
        file.write(bytes.data() + (at - offset), static_cast<std::streamsize>(end - at));
      }
      at = end;
    }
    bytes.resize(std::min<uint64_t>(bytes.size(), from - std::min(from, offset)));
  }
  std::erase_if(state.overwritten, [](const auto& overwritten) { return overwritten.bytes.empty(); });
}

void SimulatedDisk::CutFile(const std::string& path, FileState& state, Loss loss) {
  const bool mild = loss == Loss::kSomeUnsynced;
  Revert(path, state, 0, mild);
  const uint64_t kept = state.synced + (mild ? Random(state.length - state.synced + 1) : 0);
  std::error_code gone;
  if (fs::file_size(path, gone) > kept && !gone) fs::resize_file(path, kept, gone);
  if (!state.cut_tail.empty() && !(mild && Random(2) == 0)) {
    std::ofstream(path, std::ios::binary | std::ios::app) << state.cut_tail;
  }
}

void SimulatedDisk::RestorePower(Loss loss) {
  const std::lock_guard lock(mutex_);
  const size_t survive = loss == Loss::kSomeUnsynced ? Random(unsynced_.size() + 1) : 0;
  for (size_t i = unsynced_.size(); i-- > survive;) Undo(unsynced_[i]);
  unsynced_.clear();
  for (auto& [path, state] : files_) CutFile(path, *state, loss);
  files_.clear();
  std::error_code ignored;
  fs::remove_all(attic_, ignored);
  fs::create_directories(attic_, ignored);
  cut_ = false;
  cut_after_.reset();
}

}  // namespace tupu
