#include "loaders/csv/csv_header.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "storage/base/ascii.h"
#include "storage/base/calendar.h"
#include "storage/csv/csv_reader.h"

namespace tupu {
namespace {

Error Invalid(std::string message) {
  return Error{ErrorCode::kInvalidArgument, std::move(message)};
}

Error Unsupported(std::string_view text, std::string_view what) {
  return Error{ErrorCode::kUnsupported, fmt::format("column \"{}\": {}", text, what)};
}

struct RoleName {
  std::string_view name;
  ColumnRole role;
};
constexpr std::array<RoleName, 6> kRoles = {{{"ID", ColumnRole::kId},
                                             {"LABEL", ColumnRole::kLabel},
                                             {"START_ID", ColumnRole::kStartId},
                                             {"END_ID", ColumnRole::kEndId},
                                             {"TYPE", ColumnRole::kType},
                                             {"IGNORE", ColumnRole::kIgnore}}};

std::optional<ColumnRole> FindRole(std::string_view name) {
  for (const RoleName& entry : kRoles) {
    if (entry.name == name) return entry.role;
  }
  return std::nullopt;
}

/// Known to neo4j-admin, not offered here: name of the type and what to do instead.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kNotOffered = {
    {{"ACTION", "incremental actions are not supported; delete with a statement"},
     {"point", "the type point is not supported; keep longitude and latitude as two float columns"},
     {"vector", "the type vector is not supported; use float[]"}}};

/// `name : kind (group) {options}` taken apart.
struct Parts {
  std::string_view name;
  std::string_view kind;
  std::optional<std::string_view> group;
  std::map<std::string, std::string, std::less<>> options;
};

Status ParseOptions(std::string_view text, std::string_view column, Parts& parts) {
  while (!TrimBlanks(text).empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    const std::string_view pair = text.substr(0, comma);
    const size_t colon = pair.find(':');
    if (colon == std::string_view::npos)
      return Invalid(
          fmt::format("column \"{}\": the option \"{}\" has no value; write name:value", column, TrimBlanks(pair)));
    parts.options[std::string(TrimBlanks(pair.substr(0, colon)))] = std::string(TrimBlanks(pair.substr(colon + 1)));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return {};
}

Result<Parts> TakeApart(std::string_view column) {
  Parts parts;
  std::string_view rest = column;
  if (rest.ends_with('}')) {
    const size_t open = rest.find('{');
    if (open == std::string_view::npos) return Invalid(fmt::format("column \"{}\": \"}}\" without \"{{\"", column));
    TUPU_TRY(ParseOptions(rest.substr(open + 1, rest.size() - open - 2), column, parts));
    rest = rest.substr(0, open);
  }
  // A group name may hold a colon: look for the one before the parenthesis.
  const size_t open = rest.ends_with(')') ? rest.rfind('(') : std::string_view::npos;
  const size_t colon = rest.rfind(':', open);
  if (colon == std::string_view::npos) {
    parts.name = rest;
    return parts;
  }
  parts.name = rest.substr(0, colon);
  parts.kind = rest.substr(colon + 1, open == std::string_view::npos ? open : open - colon - 1);
  if (open != std::string_view::npos) parts.group = rest.substr(open + 1, rest.size() - open - 2);
  return parts;
}

Status CheckOptions(const Parts& parts, std::string_view column, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : parts.options) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return Unsupported(column, fmt::format("the option \"{}\" is not supported", name));
  }
  return {};
}

Status ReadIdOptions(const Parts& parts, std::string_view column, CsvColumn& out) {
  TUPU_TRY(CheckOptions(parts, column, {"label", "id-type"}));
  if (const auto label = parts.options.find("label"); label != parts.options.end()) out.label = label->second;
  const auto id_type = parts.options.find("id-type");
  if (id_type == parts.options.end()) return {};
  const std::optional<CsvColumnType> type = FindColumnType(id_type->second);
  const bool usable = type && !type->is_list &&
                      (type->scalar == ScalarType::kString || type->scalar == ScalarType::kByte ||
                       type->scalar == ScalarType::kShort || type->scalar == ScalarType::kInteger);
  if (!usable) {
    return Unsupported(column, fmt::format("the id-type \"{}\" is not supported; use string, int, long, short or byte",
                                           id_type->second));
  }
  out.type = *type;
  return {};
}

Result<CsvColumn> ReadRole(const Parts& parts, ColumnRole role, std::string_view column) {
  CsvColumn out;
  out.role = role;
  const bool is_id = role == ColumnRole::kId || role == ColumnRole::kStartId || role == ColumnRole::kEndId;
  if (parts.group && !is_id) return Invalid(fmt::format("column \"{}\": only ids have a group", column));
  if (parts.group) out.group = std::string(*parts.group);
  if (is_id) {
    TUPU_TRY(ReadIdOptions(parts, column, out));
  } else {
    TUPU_TRY(CheckOptions(parts, column, {}));
  }
  // `name:IGNORE` is the usual way to switch a column off; the other roles keep no property.
  if (role == ColumnRole::kId) out.name = std::string(parts.name);
  if (!parts.name.empty() && role != ColumnRole::kId && role != ColumnRole::kIgnore)
    return Invalid(fmt::format("column \"{}\": write :{} without a name before it", column, parts.kind));
  return out;
}

Status CheckTimeZone(std::string_view timezone, ScalarType type, std::string_view column) {
  const Result<Zone> zone = ParseZone(timezone);
  if (!zone) {
    Error error = zone.error();
    error.message = fmt::format("column \"{}\": {}", column, error.message);
    return error;
  }
  if (type == ScalarType::kTime && !zone->name.empty())
    return Invalid(
        fmt::format("column \"{}\": a time has an offset such as +01:00, since that of {} depends on the date", column,
                    zone->name));
  return {};
}

Result<CsvColumn> ReadProperty(const Parts& parts, std::string_view column) {
  CsvColumn out;
  out.name = std::string(parts.name);
  if (out.name.empty())
    return Invalid(fmt::format("column \"{}\" has no property name; name it, or write :IGNORE", column));
  if (parts.group) return Invalid(fmt::format("column \"{}\": only ids have a group", column));
  if (!parts.kind.empty()) {
    const std::optional<CsvColumnType> type = FindColumnType(parts.kind);
    if (!type) {
      return Invalid(
          fmt::format("column \"{}\": unknown type \"{}\"; use string, char, byte, short, int, long, float, "
                      "double, boolean, date, localtime, time, localdatetime, datetime or duration, or a list "
                      "as string[]",
                      column, parts.kind));
    }
    out.type = *type;
  }
  const bool zoned = out.type.scalar == ScalarType::kTime || out.type.scalar == ScalarType::kDateTime;
  TUPU_TRY(zoned ? CheckOptions(parts, column, {"timezone"}) : CheckOptions(parts, column, {}));
  if (const auto zone = parts.options.find("timezone"); zone != parts.options.end()) {
    TUPU_TRY(CheckTimeZone(zone->second, out.type.scalar, column));
    out.type.timezone = zone->second;
  }
  return out;
}

size_t Count(const CsvHeader& header, ColumnRole role) {
  return static_cast<size_t>(std::count_if(header.columns.begin(), header.columns.end(),
                                           [&](const CsvColumn& column) { return column.role == role; }));
}

/// Several id columns make one id, so they name one group.
bool OneGroup(const CsvHeader& header, ColumnRole role) {
  const CsvColumn* first = nullptr;
  for (const CsvColumn& column : header.columns) {
    if (column.role != role) continue;
    if (first == nullptr) first = &column;
    if (column.group != first->group) return false;
  }
  return true;
}

Status CheckTogether(const CsvHeader& header) {
  const size_t starts = Count(header, ColumnRole::kStartId);
  const size_t ends = Count(header, ColumnRole::kEndId);
  const size_t ids = Count(header, ColumnRole::kId);
  const size_t types = Count(header, ColumnRole::kType);
  const size_t labels = Count(header, ColumnRole::kLabel);
  if (starts + ends == 0) {
    if (ids == 0)
      return Invalid("the header has neither an :ID nor a :START_ID column; name the columns as neo4j-admin does");
    if (types > 0) return Invalid("a vertex file has no :TYPE column; edges need :START_ID and :END_ID");
  } else {
    if (starts == 0 || ends == 0) return Invalid("an edge file needs both a :START_ID and an :END_ID column");
    if (types != 1) return Invalid("an edge file needs one :TYPE column");
    if (labels > 0) return Invalid("an edge file has no :LABEL column");
    if (ids > 1) return Invalid("an edge file has one :ID column at most");
  }
  for (const ColumnRole role : {ColumnRole::kId, ColumnRole::kStartId, ColumnRole::kEndId}) {
    if (!OneGroup(header, role)) return Invalid("the columns of a composite id name different groups; use one");
  }
  if (starts + ends > 0 && ids == 1) {
    const auto id = std::find_if(header.columns.begin(), header.columns.end(),
                                 [](const CsvColumn& column) { return column.role == ColumnRole::kId; });
    if (!id->group.empty() || !id->label.empty())
      return Unsupported("ID(" + id->group + ")", "ids of edges have no group and no label; they are unique per type");
  }
  return {};
}

struct Cell {
  std::string text;
  size_t field = 0;  // where it begins
};

/// The cells of the row; options in braces may hold commas without being quoted: `id:ID{label:Firm,id-type:int}`.
std::vector<Cell> CellsOf(const CsvReader& reader) {
  std::vector<Cell> cells;
  bool open = false;
  for (size_t i = 0; i < reader.fields().size(); ++i) {
    const CsvField& field = reader.fields()[i];
    if (open) {
      cells.back().text += fmt::format(",{}", field.text);
    } else {
      cells.push_back({std::string(field.text), i});
    }
    const size_t brace = field.text.find_last_of("{}");
    if (!field.quoted && brace != std::string_view::npos) open = field.text[brace] == '{';
  }
  return cells;
}

}  // namespace

Result<CsvColumn> ParseCsvColumn(std::string_view text) {
  TUPU_TRY_ASSIGN(const Parts parts, TakeApart(text));
  if (parts.kind.starts_with('-') || parts.name.starts_with('-') || parts.name.starts_with(":-"))
    return Unsupported(text, "columns that remove properties or labels are not supported; use a statement with REMOVE");
  if (const std::optional<ColumnRole> role = FindRole(parts.kind)) return ReadRole(parts, *role, text);
  for (const auto& [kind, remedy] : kNotOffered) {
    if (parts.kind == kind || parts.kind == std::string(kind) + "[]") return Unsupported(text, remedy);
  }
  return ReadProperty(parts, text);
}

Result<CsvHeader> ParseCsvHeader(const CsvReader& reader) {
  CsvHeader header;
  std::set<std::string> names;
  for (const Cell& cell : CellsOf(reader)) {
    Result<CsvColumn> column = ParseCsvColumn(cell.text);
    if (!column.has_value()) {
      Error error = reader.ErrorAt(reader.PositionOf(cell.field), column.error().message, column.error().code);
      error.hint = column.error().hint;
      return error;
    }
    const bool keeps = !column->name.empty() && column->role != ColumnRole::kIgnore;
    if (keeps && !names.insert(column->name).second) {
      return reader.ErrorAt(reader.PositionOf(cell.field),
                            fmt::format("two columns are named \"{}\"; rename one", column->name));
    }
    if (column->role == ColumnRole::kStartId || column->role == ColumnRole::kEndId) header.is_edges = true;
    header.columns.push_back(std::move(*column));
  }
  if (const Status together = CheckTogether(header); !together.has_value())
    return reader.ErrorAt(reader.PositionOf(0), together.error().message, together.error().code);
  return header;
}

bool LooksLikeCsvHeader(const CsvReader& reader) {
  const std::vector<Cell> cells = CellsOf(reader);
  return std::any_of(cells.begin(), cells.end(), [](const Cell& cell) {
    const Result<Parts> parts = TakeApart(cell.text);
    return parts.has_value() && (parts->kind == "ID" || parts->kind == "START_ID" || parts->kind == "END_ID");
  });
}

}  // namespace tupu
