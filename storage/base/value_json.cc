#include <tupu/value_json.h>

#include <charconv>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "storage/base/utf8.h"

namespace tupu {

namespace {

// ---- Writing ----

void AppendString(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const Utf8Character character = DecodeUtf8(text);
    const char32_t c = character.code_point.value_or(kReplacementCharacter);
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (c < 0x20 || c == 0x7F) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          AppendUtf8(out, c);
        }
    }
    text.remove_prefix(character.length);
  }
  out += '"';
}

// The shortest text that reads back as the same number, and as a FLOAT.
void AppendFloat(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  const std::string_view text(buffer, static_cast<size_t>(end - buffer));
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

/// Walks with a stack of its own: a query may nest lists deeper than the machine's stack reaches.
class JsonWriter {
 public:
  std::string Write(const Value& value) {
    Open(value);
    while (!frames_.empty()) Step();
    return std::move(out_);
  }

 private:
  // One open list or map, or the rest of a text that is due after it.
  struct Frame {
    const List* list = nullptr;
    const Map* map = nullptr;
    const Path* path = nullptr;
    size_t next = 0;
    Map::const_iterator next_entry = {};
    std::string_view closing = {};
  };

  void Step() {
    Frame& frame = frames_.back();
    if (frame.list != nullptr && frame.next < frame.list->size()) {
      if (frame.next > 0) out_ += ',';
      Open((*frame.list)[frame.next++]);
    } else if (frame.map != nullptr && frame.next_entry != frame.map->end()) {
      if (frame.next_entry != frame.map->begin()) out_ += ',';
      const auto& [key, value] = *frame.next_entry++;
      AppendString(out_, key);
      out_ += ':';
      Open(value);
    } else if (frame.path != nullptr && frame.next < frame.path->vertices.size() + frame.path->edges.size()) {
      if (frame.next > 0) out_ += ',';
      const size_t position = frame.next++;
      if (position % 2 == 0) {
        OpenVertex(frame.path->vertices[position / 2]);
      } else {
        OpenEdge(frame.path->edges[position / 2]);
      }
    } else {
      out_ += frame.closing;
      frames_.pop_back();
    }
  }

  void OpenMap(const Map& map, std::string_view closing) {
    out_ += '{';
    frames_.push_back({.map = &map, .next_entry = map.begin(), .closing = closing});
  }

  void OpenVertex(const Vertex& vertex) {
    out_ += fmt::format("{{\"id\":{},\"labels\":[", ToInteger(vertex.id));
    for (size_t i = 0; i < vertex.labels.size(); ++i) {
      if (i > 0) out_ += ',';
      AppendString(out_, vertex.labels[i]);
    }
    out_ += "],\"properties\":";
    OpenMap(vertex.properties, "}}");
  }

  void OpenEdge(const Edge& edge) {
    out_ += fmt::format("{{\"id\":{},\"type\":", ToInteger(edge.id));
    AppendString(out_, edge.type);
    out_ += fmt::format(",\"start\":{},\"end\":{},\"properties\":", ToInteger(edge.start), ToInteger(edge.end));
    OpenMap(edge.properties, "}}");
  }

  template <class T>
  void WriteText(const T& temporal) {
    AppendString(out_, Format(temporal));
  }

  // References have no names without a graph: their ids are all that can be told.
  void WriteEdgeReference(const EdgeReference& edge) {
    out_ += fmt::format("{{\"id\":{},\"start\":{},\"end\":{}}}", ToInteger(edge.id), ToInteger(edge.start),
                        ToInteger(edge.end));
  }

  void WritePathReference(const PathReference& path) {
    out_ += '[';
    for (size_t i = 0; i < path.vertices.size(); ++i) {
      if (i > 0) {
        out_ += ',';
        WriteEdgeReference(path.edges[i - 1]);
        out_ += ',';
      }
      out_ += fmt::format("{{\"id\":{}}}", ToInteger(path.vertices[i]));
    }
    out_ += ']';
  }

  void Open(const Value& value) {
    switch (value.type()) {
      case ValueType::kNull: out_ += "null"; return;
      case ValueType::kBoolean: out_ += value.AsBoolean() ? "true" : "false"; return;
      case ValueType::kInteger: out_ += std::to_string(value.AsInteger()); return;
      case ValueType::kFloat: AppendFloat(out_, value.AsFloat()); return;
      case ValueType::kString: AppendString(out_, value.AsString()); return;
      case ValueType::kList:
        out_ += '[';
        frames_.push_back({.list = &value.AsList(), .closing = "]"});
        return;
      case ValueType::kMap: OpenMap(value.AsMap(), "}"); return;
      case ValueType::kVertex: OpenVertex(value.AsVertex()); return;
      case ValueType::kEdge: OpenEdge(value.AsEdge()); return;
      case ValueType::kPath:
        out_ += '[';
        frames_.push_back({.path = &value.AsPath(), .closing = "]"});
        return;
      case ValueType::kDate: WriteText(value.AsDate()); return;
      case ValueType::kLocalTime: WriteText(value.AsLocalTime()); return;
      case ValueType::kTime: WriteText(value.AsTime()); return;
      case ValueType::kLocalDateTime: WriteText(value.AsLocalDateTime()); return;
      case ValueType::kDateTime: WriteText(value.AsDateTime()); return;
      case ValueType::kDuration: WriteText(value.AsDuration()); return;
      case ValueType::kVertexReference:
        out_ += fmt::format("{{\"id\":{}}}", ToInteger(value.AsVertexReference()));
        return;
      case ValueType::kEdgeReference: WriteEdgeReference(value.AsEdgeReference()); return;
      case ValueType::kPathReference: WritePathReference(value.AsPathReference()); return;
    }
  }

  std::string out_;
  std::vector<Frame> frames_;
};

// ---- Reading ----

// Deep enough for any honest document; a Value nested deeper could not be taken apart on a small thread stack.
constexpr size_t kMaxDepth = 1000;

/// Builds a Value from the parser's events; nlohmann's own tree is never made.
class ValueBuilder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  bool null() { return Add(Value()); }
  bool boolean(bool value) { return Add(value); }
  bool number_integer(number_integer_t value) { return Add(static_cast<int64_t>(value)); }
  bool number_unsigned(number_unsigned_t value) {
    if (value > static_cast<number_unsigned_t>(INT64_MAX)) return Add(static_cast<double>(value));
    return Add(static_cast<int64_t>(value));
  }
  bool number_float(number_float_t value, const string_t&) { return Add(value); }
  bool string(string_t& value) { return Add(Value(std::move(value))); }
  bool binary(binary_t&) { return false; }  // not in JSON texts

  bool start_object(size_t) { return Push(true); }
  bool start_array(size_t) { return Push(false); }
  bool key(string_t& key) {
    open_.back().key = std::move(key);
    return true;
  }
  bool end_object() {
    Value value(std::move(open_.back().map));
    open_.pop_back();
    return Add(std::move(value));
  }
  bool end_array() {
    Value value(std::move(open_.back().list));
    open_.pop_back();
    return Add(std::move(value));
  }

  bool parse_error(size_t position, const std::string& /*token*/, const nlohmann::detail::exception& error) {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: reason": the reason is what is new.
    std::string_view text = error.what();
    if (const size_t bracket = text.find("] "); bracket != std::string_view::npos) text.remove_prefix(bracket + 2);
    if (const size_t colon = text.find(": "); text.starts_with("parse error at") && colon != std::string_view::npos)
      text.remove_prefix(colon + 2);
    reason_ = std::string(text);
    position_ = position;
    return false;
  }

  Value TakeRoot() { return std::move(root_); }
  const std::string& reason() const { return reason_; }
  std::optional<size_t> position() const { return position_; }

 private:
  struct Container {
    bool is_map = false;
    List list;
    Map map;
    std::string key;
  };

  bool Push(bool is_map) {
    if (open_.size() == kMaxDepth) {
      reason_ = fmt::format("nested more than {} levels deep", kMaxDepth);
      return false;
    }
    open_.emplace_back().is_map = is_map;
    return true;
  }

  bool Add(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().is_map) {
      open_.back().map.insert_or_assign(std::move(open_.back().key), std::move(value));
    } else {
      open_.back().list.push_back(std::move(value));
    }
    return true;
  }

  Value root_;
  std::vector<Container> open_;
  std::string reason_;
  std::optional<size_t> position_;
};

SourceSpan Locate(std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  SourceSpan span;
  span.line = 1;
  for (const char c : before) span.line += c == '\n' ? 1 : 0;
  span.column = static_cast<uint32_t>(CountCodePoints(before.substr(line_start))) + 1;
  span.offset = static_cast<uint32_t>(before.size());
  return span;
}

// Where the nesting limit was passed: the builder is not told the position of a bracket.
size_t OffsetOfDepth(std::string_view text, size_t depth) {
  size_t open = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (in_string) {
      if (text[i] == '\\')
        ++i;
      else if (text[i] == '"')
        in_string = false;
    } else if (text[i] == '"') {
      in_string = true;
    } else if (text[i] == '[' || text[i] == '{') {
      if (++open > depth) return i;
    } else if (text[i] == ']' || text[i] == '}') {
      --open;
    }
  }
  return text.size();
}

}  // namespace

std::string ToJson(const Value& value) {
  return JsonWriter().Write(value);
}

Result<Value> ParseJson(std::string_view text) {
  ValueBuilder builder;
  if (nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return builder.TakeRoot();
  // The parser counts the byte it could not use, from 1.
  const size_t offset =
      builder.position() ? (*builder.position() > 0 ? *builder.position() - 1 : 0) : OffsetOfDepth(text, kMaxDepth);
  const SourceSpan where = Locate(text, offset);
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("line {}, column {}: not JSON: {}", where.line, where.column, builder.reason()), where};
}

}  // namespace tupu
