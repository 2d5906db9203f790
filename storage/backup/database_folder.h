#pragma once

#include <string>

#include <tupu/result.h>

namespace tupu {

/// Copies the files of a database into a new folder: tables, which never change, by hard links where the file system can;
/// the rest by bytes. Requires: nobody writes to `from`.
Status CopyDatabase(const std::string& from, const std::string& to);
/// The same while another process may write: tried again until nothing was made or given up during the copy. kBusy when it
/// never succeeds.
Status CopyHeldDatabase(const std::string& from, const std::string& to);

/// Puts `from` in the place of `to`, which must be missing or an empty folder, and makes it last. Nothing in between.
Status MoveInto(const std::string& from, const std::string& to);
/// Two folders change names in one step, and it is made to last.
Status SwapFolders(const std::string& a, const std::string& b);

/// A folder that is deleted with this, unless it was kept.
class TemporaryFolder {
 public:
  /// A leftover of the name is deleted first.
  explicit TemporaryFolder(std::string path);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }
  void Keep() { kept_ = true; }

 private:
  const std::string path_;
  bool kept_ = false;
};

/// The folder under a name to which a suffix can be put, to name a sibling: "a/b/" -> "a/b", "." -> its full path.
std::string NameOfFolder(const std::string& path);

}  // namespace tupu
