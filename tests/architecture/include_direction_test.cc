// The arrows between folders, read from the #include lines:
//   storage <- query <- engine      loaders -> storage      engine -> loaders
// and who may see which library.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = TUPU_SOURCE_DIR;

const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"storage", {"storage"}},
    {"query", {"query", "storage"}},
    {"loaders", {"loaders", "storage"}},
    {"engine", {"engine", "loaders", "query", "storage"}},
};

struct Include {
  std::string file;  // relative to the root
  int line;
  std::string path;
  bool angle;
};

std::vector<Include> IncludesOf(const std::string& folder) {
  static const std::regex kLine(R"re(^\s*#\s*include\s+(["<])([^">]+)[">])re");
  std::vector<Include> includes;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
    const std::string extension = entry.path().extension();
    if (!entry.is_regular_file() || (extension != ".h" && extension != ".cc")) continue;
    std::ifstream in(entry.path());
    std::string text;
    for (int line = 1; std::getline(in, text); ++line) {
      std::smatch match;
      if (std::regex_search(text, match, kLine))
        includes.push_back({fs::relative(entry.path(), kRoot), line, match[2], match[1] == "<"});
    }
  }
  return includes;
}

/// The top folder that `include` reaches, "" for a library or the standard.
std::string TargetFolder(const Include& include) {
  if (include.angle) {
    if (!include.path.starts_with("tupu/")) return "";
    if (fs::exists(kRoot / "storage/base" / include.path)) return "storage";
    if (fs::exists(kRoot / "engine/api" / include.path)) return "engine";
    return "(no such header)";
  }
  return include.path.substr(0, include.path.find('/'));
}

std::string Where(const Include& include) {
  return include.file + ":" + std::to_string(include.line);
}

TEST(IncludeDirection, FollowsTheArrowsBetweenFolders) {
  size_t seen = 0;
  for (const auto& [folder, allowed] : kMayInclude) {
    for (const Include& include : IncludesOf(folder)) {
      const std::string target = TargetFolder(include);
      if (target.empty()) continue;
      ++seen;
      EXPECT_TRUE(allowed.contains(target))
          << Where(include) << " includes " << include.path << ": " << folder << " must not know " << target;
    }
  }
  EXPECT_GT(seen, 100u) << "the sources were not found under " << kRoot;
}

TEST(IncludeDirection, BaseKnowsNothingButItself) {
  for (const Include& include : IncludesOf("storage/base")) {
    if (include.angle && !include.path.starts_with("tupu/")) continue;
    EXPECT_TRUE(include.path.starts_with("tupu/") || include.path.starts_with("storage/base/")) << Where(include);
  }
}

TEST(IncludeDirection, LibrariesStayWhereTheyBelong) {
  for (const auto& [folder, allowed] : kMayInclude) {
    for (const Include& include : IncludesOf(folder)) {
      const bool header = include.file.ends_with(".h");
      if (include.path.starts_with("rocksdb/")) {
        EXPECT_TRUE((include.file.starts_with("storage/kv/") && !header) ||
                    include.file.starts_with("storage/kv/internal/"))
            << Where(include) << " includes RocksDB";
      }
      if (include.path.starts_with("storage/kv/internal/")) {
        EXPECT_TRUE(include.file.starts_with("storage/kv/")) << Where(include) << " reaches into storage/kv";
      }
      if (include.path.starts_with("nlohmann/")) {
        EXPECT_FALSE(header) << Where(include) << " includes nlohmann_json";
      }
      if (include.path.starts_with("boost/")) {
        // The one private header makes a CsrGraph a graph in Boost's sense, for the .cc files beside it.
        EXPECT_TRUE((include.file.starts_with("engine/algorithms/") && !header) ||
                    include.file == "engine/algorithms/internal/boost_csr.h")
            << Where(include) << " includes Boost";
      }
    }
  }
}

TEST(IncludeDirection, PublicHeadersIncludeThePublicAndTheStandardOnly) {
  for (const std::string folder : {"storage/base/tupu", "engine/api/tupu"}) {
    for (const Include& include : IncludesOf(folder)) {
      EXPECT_TRUE(include.angle) << Where(include);
      EXPECT_TRUE(include.path.starts_with("tupu/") || include.path.find('/') == std::string::npos) << Where(include);
    }
  }
}

TEST(IncludeDirection, EveryHeaderHasAGuard) {
  for (const auto& [folder, allowed] : kMayInclude) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      if (entry.path().extension() != ".h") continue;
      std::ifstream in(entry.path());
      const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
      EXPECT_NE(text.find("#pragma once"), std::string::npos) << entry.path();
    }
  }
}

}  // namespace
