#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include <tupu/result.h>

#include "loaders/load.h"

namespace tupu {

enum class FileForm : uint8_t { kCsvVertices, kCsvEdges, kJsonLines };

struct PlannedFile {
  FileForm form = FileForm::kCsvVertices;
  std::string path;
  std::string header_path;  // empty: the header is the first row
  uint32_t name = 0;        // into LoadPlan::names
  uint32_t data_set = 0;    // into LoadPlan::data_sets
  uint64_t bytes = 0;
};

/// What a load will read, found out before anything is written.
struct LoadPlan {
  std::vector<PlannedFile> files;       // by data set, then by name
  std::deque<std::string> names;        // as messages show the files
  std::vector<std::string> data_sets;   // default id groups
  std::vector<std::string> ontologies;  // accepted texts, to be declared in this order
  std::vector<std::string> notices;     // files passed over, and why
};

/// Looks at every file's beginning. Errors: kNotFound, kIo; of a header, at its place; kInvalidArgument for a file
/// given by name that is no part of a graph, or a folder that holds none.
Result<LoadPlan> PlanLoad(std::span<const std::string> paths, const LoaderOptions& options,
                          const std::string& delimiter);

}  // namespace tupu
