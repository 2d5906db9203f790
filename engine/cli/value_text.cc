#include "engine/cli/value_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/verbs/detail.h"
#include "engine/verbs/entity.h"
#include "storage/text/normalize.h"

namespace tupu {

namespace {

std::string VertexText(const Vertex& vertex) {
  std::string labels;
  for (const std::string& label : vertex.labels) labels += ":" + label;
  return fmt::format("({}{}{})", labels, labels.empty() ? "" : " ", CaptionOf(vertex));
}

std::string EdgeText(const Edge& edge) {
  const std::string detail = DetailOf(edge);
  return detail.empty() ? fmt::format("[:{}]", edge.type) : fmt::format("[:{} {}]", edge.type, detail);
}

std::string PathText(const Path& path) {
  std::string text = path.vertices.empty() ? "" : VertexText(path.vertices[0]);
  for (size_t i = 0; i < path.edges.size(); ++i) {
    const bool forward = path.edges[i].start == path.vertices[i].id;
    text += fmt::format("{}{}{}{}", forward ? "-" : "<-", EdgeText(path.edges[i]), forward ? "->" : "-",
                        VertexText(path.vertices[i + 1]));
  }
  return text;
}

std::string ListText(const List& list) {
  std::string text = "[";
  for (size_t i = 0; i < list.size(); ++i) text += (i > 0 ? ", " : "") + CellText(list[i]);
  return text + "]";
}

std::string MapText(const Map& map) {
  std::string text = "{";
  for (const auto& [key, value] : map)
    text += fmt::format("{}{}: {}", text.size() > 1 ? ", " : "", key, CellText(value));
  return text + "}";
}

// Line breaks and tabs become blanks, other control characters U+FFFD.
std::string WithoutControls(std::string text) {
  const bool clean =
      std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (clean) return text;
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\t' || c == '\r') {
      out += ' ';
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += "\uFFFD";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string CellText(const Value& value) {
  switch (value.type()) {
    case ValueType::kString: return WithoutControls(value.AsString());
    case ValueType::kVertex: return WithoutControls(VertexText(value.AsVertex()));
    case ValueType::kEdge: return WithoutControls(EdgeText(value.AsEdge()));
    case ValueType::kPath: return WithoutControls(PathText(value.AsPath()));
    case ValueType::kList: return ListText(value.AsList());
    case ValueType::kMap: return MapText(value.AsMap());
    case ValueType::kDate: return Format(value.AsDate());
    case ValueType::kLocalTime: return Format(value.AsLocalTime());
    case ValueType::kTime: return Format(value.AsTime());
    case ValueType::kLocalDateTime: return Format(value.AsLocalDateTime());
    case ValueType::kDateTime: return Format(value.AsDateTime());
    case ValueType::kDuration: return Format(value.AsDuration());
    default: return value.ToString();
  }
}

std::string CutToColumns(std::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  std::string cut;
  int columns = 0;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = begin + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    const std::string_view letter = text.substr(begin, end - begin);
    columns += DisplayWidth(letter);
    if (columns > width - 1) break;
    cut += letter;
    begin = end;
  }
  return cut + "…";
}

}  // namespace tupu
