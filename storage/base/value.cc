#include <tupu/value.h>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace tupu {

Value::Value(List value) : state_(std::make_shared<const List>(std::move(value))) {}
Value::Value(Map value) : state_(std::make_shared<const Map>(std::move(value))) {}
Value::Value(Vertex value) : state_(std::make_shared<const Vertex>(std::move(value))) {}
Value::Value(Edge value) : state_(std::make_shared<const Edge>(std::move(value))) {}
Value::Value(Path value) : state_(std::make_shared<const Path>(std::move(value))) {}

std::string_view Name(ValueType type) {
  switch (type) {
    case ValueType::kNull: return "NULL";
    case ValueType::kBoolean: return "BOOLEAN";
    case ValueType::kInteger: return "INTEGER";
    case ValueType::kFloat: return "FLOAT";
    case ValueType::kString: return "STRING";
    case ValueType::kList: return "LIST";
    case ValueType::kMap: return "MAP";
    case ValueType::kVertex:
    case ValueType::kVertexReference: return "NODE";
    case ValueType::kEdge:
    case ValueType::kEdgeReference: return "RELATIONSHIP";
    case ValueType::kPath:
    case ValueType::kPathReference: return "PATH";
    case ValueType::kDate: return "DATE";
    case ValueType::kLocalTime: return "LOCAL TIME";
    case ValueType::kTime: return "ZONED TIME";
    case ValueType::kLocalDateTime: return "LOCAL DATETIME";
    case ValueType::kDateTime: return "ZONED DATETIME";
    case ValueType::kDuration: return "DURATION";
  }
  return "NULL";
}

namespace {

bool SamePath(const Path& a, const Path& b) {
  const auto same_id = [](const auto& x, const auto& y) { return x.id == y.id; };
  return std::equal(a.vertices.begin(), a.vertices.end(), b.vertices.begin(), b.vertices.end(), same_id) &&
         std::equal(a.edges.begin(), a.edges.end(), b.edges.begin(), b.edges.end(), same_id);
}

}  // namespace

bool operator==(const Value& a, const Value& b) {
  if (a.type() != b.type()) return false;
  switch (a.type()) {
    case ValueType::kNull: return true;
    case ValueType::kBoolean: return a.AsBoolean() == b.AsBoolean();
    case ValueType::kInteger: return a.AsInteger() == b.AsInteger();
    case ValueType::kFloat: return a.AsFloat() == b.AsFloat() || (std::isnan(a.AsFloat()) && std::isnan(b.AsFloat()));
    case ValueType::kString: return a.AsString() == b.AsString();
    case ValueType::kList: return a.AsList() == b.AsList();
    case ValueType::kMap: return a.AsMap() == b.AsMap();
    case ValueType::kVertex: return a.AsVertex().id == b.AsVertex().id;
    case ValueType::kEdge: return a.AsEdge().id == b.AsEdge().id;
    case ValueType::kPath: return SamePath(a.AsPath(), b.AsPath());
    case ValueType::kDate: return a.AsDate() == b.AsDate();
    case ValueType::kLocalTime: return a.AsLocalTime() == b.AsLocalTime();
    case ValueType::kTime: return a.AsTime() == b.AsTime();
    case ValueType::kLocalDateTime: return a.AsLocalDateTime() == b.AsLocalDateTime();
    case ValueType::kDateTime: return a.AsDateTime() == b.AsDateTime();
    case ValueType::kDuration: return a.AsDuration() == b.AsDuration();
    case ValueType::kVertexReference: return a.AsVertexReference() == b.AsVertexReference();
    case ValueType::kEdgeReference: return a.AsEdgeReference() == b.AsEdgeReference();
    case ValueType::kPathReference: return a.AsPathReference() == b.AsPathReference();
  }
  return false;
}

namespace {

void AppendText(std::string& out, const Value& value);

void AppendQuoted(std::string& out, std::string_view text) {
  out += '\'';
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  out += '\'';
}

void AppendFloat(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value < 0 ? "-Infinity" : "Infinity";
  } else {
    std::string text = fmt::format("{}", value);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    out += text;
  }
}

void AppendMap(std::string& out, const Map& map) {
  out += '{';
  bool first = true;
  for (const auto& [key, value] : map) {
    if (!first) out += ", ";
    first = false;
    out += key;
    out += ": ";
    AppendText(out, value);
  }
  out += '}';
}

void AppendVertex(std::string& out, const Vertex& vertex) {
  out += '(';
  for (const std::string& label : vertex.labels) {
    out += ':';
    out += label;
  }
  if (!vertex.labels.empty() && !vertex.properties.empty()) out += ' ';
  if (!vertex.properties.empty()) AppendMap(out, vertex.properties);
  out += ')';
}

void AppendEdge(std::string& out, const Edge& edge) {
  out += "[:";
  out += edge.type;
  if (!edge.properties.empty()) {
    out += ' ';
    AppendMap(out, edge.properties);
  }
  out += ']';
}

void AppendPath(std::string& out, const Path& path) {
  for (size_t i = 0; i < path.vertices.size(); ++i) {
    if (i > 0) {
      const Edge& edge = path.edges[i - 1];
      const bool forward = edge.start == path.vertices[i - 1].id;
      out += forward ? "-" : "<-";
      AppendEdge(out, edge);
      out += forward ? "->" : "-";
    }
    AppendVertex(out, path.vertices[i]);
  }
}

void AppendText(std::string& out, const Value& value) {
  switch (value.type()) {
    case ValueType::kNull: out += "null"; return;
    case ValueType::kBoolean: out += value.AsBoolean() ? "true" : "false"; return;
    case ValueType::kInteger: out += std::to_string(value.AsInteger()); return;
    case ValueType::kFloat: AppendFloat(out, value.AsFloat()); return;
    case ValueType::kString: AppendQuoted(out, value.AsString()); return;
    case ValueType::kList: {
      out += '[';
      bool first = true;
      for (const Value& element : value.AsList()) {
        if (!first) out += ", ";
        first = false;
        AppendText(out, element);
      }
      out += ']';
      return;
    }
    case ValueType::kMap: AppendMap(out, value.AsMap()); return;
    case ValueType::kVertex: AppendVertex(out, value.AsVertex()); return;
    case ValueType::kEdge: AppendEdge(out, value.AsEdge()); return;
    case ValueType::kPath: AppendPath(out, value.AsPath()); return;
    case ValueType::kDate: out += Format(value.AsDate()); return;
    case ValueType::kLocalTime: out += Format(value.AsLocalTime()); return;
    case ValueType::kTime: out += Format(value.AsTime()); return;
    case ValueType::kLocalDateTime: out += Format(value.AsLocalDateTime()); return;
    case ValueType::kDateTime: out += Format(value.AsDateTime()); return;
    case ValueType::kDuration: out += Format(value.AsDuration()); return;
    case ValueType::kVertexReference: out += fmt::format("(#{})", ToInteger(value.AsVertexReference())); return;
    case ValueType::kEdgeReference: out += fmt::format("[#{}]", ToInteger(value.AsEdgeReference().id)); return;
    case ValueType::kPathReference:
      out += fmt::format("<path of {} edges>", value.AsPathReference().edges.size());
      return;
  }
}

}  // namespace

std::string Value::ToString() const {
  std::string out;
  AppendText(out, *this);
  return out;
}

}  // namespace tupu
