#include "engine/cli/query_options.h"

#include <fmt/format.h>
#include <tupu/value_json.h>

#include "engine/cli/exit_status.h"

namespace tupu {

std::vector<OptionSpec> StatementOptions() {
  return {{.name = "param",
           .letter = 'p',
           .value = "NAME=JSON",
           .help = {"a parameter: -p name='\"华为\"' -p n=3", "参数：-p name='\"华为\"' -p n=3"},
           .repeated = true},
          {.name = "read-only", .help = {"refuse statements that write", "拒绝写入语句"}},
          {.name = "import-dir",
           .value = "DIR",
           .help = {"the folder that LOAD CSV reads from", "LOAD CSV 读取文件的目录"}},
          {.name = "memory",
           .value = "MIB",
           .help = {"memory limit of a query (1024)", "查询的内存上限，单位 MiB（缺省 1024）"}}};
}

Status AddParameter(std::string_view assignment, Map& parameters) {
  const size_t equal = assignment.find('=');
  if (equal == 0 || equal == std::string_view::npos)
    return UsageError(fmt::format("a parameter is NAME=JSON, not \"{}\"", assignment));
  Result<Value> value = ParseJson(assignment.substr(equal + 1));
  if (!value)
    return UsageError(
        fmt::format("the value of parameter {} is not JSON: {}", assignment.substr(0, equal), value.error().message),
        "a string needs double quotes: name='\"华为\"'");
  parameters.insert_or_assign(std::string(assignment.substr(0, equal)), std::move(*value));
  return {};
}

Result<QueryOptions> ReadQueryOptions(const Arguments& arguments) {
  QueryOptions options;
  for (const std::string& assignment : arguments.GetAll("param"))
    TUPU_TRY(AddParameter(assignment, options.parameters));
  options.read_only = arguments.Has("read-only");
  options.import_directory = arguments.Find("import-dir").value_or("");
  constexpr uint64_t kMebibyte = 1ull << 20;
  TUPU_TRY_ASSIGN(const uint64_t mebibytes, arguments.GetCount("memory", options.memory_limit_bytes / kMebibyte));
  if (mebibytes > UINT64_MAX / kMebibyte) return UsageError("--memory is larger than any machine's");
  options.memory_limit_bytes = mebibytes * kMebibyte;
  return options;
}

}  // namespace tupu
