#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <tupu/ids.h>
#include <tupu/temporal.h>

#pragma GCC visibility push(default)

namespace tupu {

class Value;
using List = std::vector<Value>;
using Map = std::map<std::string, Value, std::less<>>;

struct Vertex;
struct Edge;
struct Path;

/// An edge as the executor carries it: enough to walk on, properties not read.
struct EdgeReference {
  EdgeId id{};
  VertexId start{};
  VertexId end{};
  EdgeTypeId type{};
  friend bool operator==(const EdgeReference& a, const EdgeReference& b) { return a.id == b.id; }
};

/// vertices.size() == edges.size() + 1; edges may be walked against their direction.
struct PathReference {
  std::vector<VertexId> vertices;
  std::vector<EdgeReference> edges;
  friend bool operator==(const PathReference& a, const PathReference& b) = default;
};

enum class ValueType : uint8_t {
  kNull,
  kBoolean,
  kInteger,
  kFloat,
  kString,
  kList,
  kMap,
  kVertex,
  kEdge,
  kPath,
  kDate,
  kLocalTime,
  kTime,
  kLocalDateTime,
  kDateTime,
  kDuration,
  // Inside query execution only; results carry the full entities.
  kVertexReference,
  kEdgeReference,
  kPathReference,
};

/// The type's name in openCypher, e.g. "INTEGER".
std::string_view Name(ValueType type);

/// Any value of openCypher. Immutable and cheap to copy: everything large is shared.
/// Threads: distinct copies may be read from several threads.
class Value {
 public:
  Value() = default;  // null
  Value(bool value) : state_(value) {}
  Value(int value) : state_(static_cast<int64_t>(value)) {}
  Value(int64_t value) : state_(value) {}
  Value(double value) : state_(value) {}
  Value(std::string value) : state_(std::make_shared<const std::string>(std::move(value))) {}
  Value(std::string_view value) : Value(std::string(value)) {}
  Value(const char* value) : Value(std::string(value)) {}
  Value(List value);
  Value(Map value);
  Value(Vertex value);
  Value(Edge value);
  Value(Path value);
  Value(Date value) : state_(value) {}
  Value(LocalTime value) : state_(value) {}
  Value(Time value) : state_(std::make_shared<const Time>(value)) {}
  Value(LocalDateTime value) : state_(std::make_shared<const LocalDateTime>(value)) {}
  Value(DateTime value) : state_(std::make_shared<const DateTime>(std::move(value))) {}
  Value(Duration value) : state_(std::make_shared<const Duration>(value)) {}
  Value(VertexId value) : state_(value) {}
  Value(EdgeReference value) : state_(std::make_shared<const EdgeReference>(value)) {}
  Value(PathReference value) : state_(std::make_shared<const PathReference>(std::move(value))) {}

  ValueType type() const noexcept { return static_cast<ValueType>(state_.index()); }
  bool is_null() const noexcept { return type() == ValueType::kNull; }
  bool is_number() const noexcept { return type() == ValueType::kInteger || type() == ValueType::kFloat; }

  /// Require: type() is the one named. References live as long as this Value or a copy of it.
  bool AsBoolean() const { return std::get<bool>(state_); }
  int64_t AsInteger() const { return std::get<int64_t>(state_); }
  double AsFloat() const { return std::get<double>(state_); }
  double ToDouble() const {  // requires is_number()
    return type() == ValueType::kInteger ? static_cast<double>(AsInteger()) : AsFloat();
  }
  const std::string& AsString() const { return *std::get<Shared<std::string>>(state_); }
  const List& AsList() const { return *std::get<Shared<List>>(state_); }
  const Map& AsMap() const { return *std::get<Shared<Map>>(state_); }
  const Vertex& AsVertex() const { return *std::get<Shared<Vertex>>(state_); }
  const Edge& AsEdge() const { return *std::get<Shared<Edge>>(state_); }
  const Path& AsPath() const { return *std::get<Shared<Path>>(state_); }
  Date AsDate() const { return std::get<Date>(state_); }
  LocalTime AsLocalTime() const { return std::get<LocalTime>(state_); }
  const Time& AsTime() const { return *std::get<Shared<Time>>(state_); }
  const LocalDateTime& AsLocalDateTime() const { return *std::get<Shared<LocalDateTime>>(state_); }
  const DateTime& AsDateTime() const { return *std::get<Shared<DateTime>>(state_); }
  const Duration& AsDuration() const { return *std::get<Shared<Duration>>(state_); }
  VertexId AsVertexReference() const { return std::get<VertexId>(state_); }
  const EdgeReference& AsEdgeReference() const { return *std::get<Shared<EdgeReference>>(state_); }
  const PathReference& AsPathReference() const { return *std::get<Shared<PathReference>>(state_); }

  /// Same type and same content (1 is not 1.0; NaN equals NaN; entities by id): the equality of stored data and tests.
  /// openCypher's three-valued `=` and its orderability are in query/value.
  friend bool operator==(const Value& a, const Value& b);

  /// For messages and debugging: Cypher-like text, strings in single quotes.
  std::string ToString() const;

 private:
  template <class T>
  using Shared = std::shared_ptr<const T>;
  // The order is ValueType's.
  std::variant<std::monostate, bool, int64_t, double, Shared<std::string>, Shared<List>, Shared<Map>, Shared<Vertex>,
               Shared<Edge>, Shared<Path>, Date, LocalTime, Shared<Time>, Shared<LocalDateTime>, Shared<DateTime>,
               Shared<Duration>, VertexId, Shared<EdgeReference>, Shared<PathReference>>
      state_;
};

/// A vertex as results carry it.
struct Vertex {
  VertexId id{};
  std::vector<std::string> labels;  // sorted
  Map properties;
};

/// An edge as results carry it.
struct Edge {
  EdgeId id{};
  std::string type;
  VertexId start{};
  VertexId end{};
  Map properties;
};

/// vertices.size() == edges.size() + 1; edges[i] joins vertices[i] and vertices[i + 1], in either direction.
struct Path {
  std::vector<Vertex> vertices;
  std::vector<Edge> edges;
};

}  // namespace tupu

#pragma GCC visibility pop
