#include "query/executor/column.h"

#include <gtest/gtest.h>

namespace tupu {
namespace {

TEST(Column, TakesTheTypeOfItsFirstValue) {
  Column column;
  EXPECT_EQ(column.type(), ColumnType::kUnset);
  column.AppendNull();
  column.Append(Value(7));
  EXPECT_EQ(column.type(), ColumnType::kInteger);
  EXPECT_TRUE(column.IsNull(0));
  EXPECT_EQ(column.Get(1), Value(7));
}

TEST(Column, WidensWhenAnotherTypeComes) {
  Column column;
  column.AppendInteger(1);
  column.AppendNull();
  column.AppendFloat(2.5);
  column.AppendVertex(VertexId{3});
  column.AppendEdge({EdgeId{4}, VertexId{1}, VertexId{2}, EdgeTypeId{0}});
  column.Append(Value("text"));
  ASSERT_EQ(column.type(), ColumnType::kValue);
  EXPECT_EQ(column.Get(0), Value(1));
  EXPECT_TRUE(column.IsNull(1));
  EXPECT_EQ(column.Get(2), Value(2.5));
  EXPECT_EQ(column.Get(3), Value(VertexId{3}));
  EXPECT_EQ(column.Get(4).AsEdgeReference().id, EdgeId{4});
  EXPECT_EQ(column.Get(5), Value("text"));
  EXPECT_EQ(column.size(), 6u);
}

TEST(Column, GathersTypedAndMixedRows) {
  Column from;
  for (int i = 0; i < 5; ++i) from.AppendInteger(i);
  const std::vector<uint32_t> rows{4, 4, 0};
  Column to;
  to.Gather(from, rows);
  EXPECT_EQ(to.type(), ColumnType::kInteger);
  EXPECT_EQ(to.Get(0), Value(4));
  EXPECT_EQ(to.Get(2), Value(0));
  Column nulls;
  for (int i = 0; i < 5; ++i) nulls.AppendNull();
  to.Gather(nulls, rows);
  EXPECT_EQ(to.size(), 6u);
  EXPECT_TRUE(to.IsNull(5));
  Column texts;
  for (int i = 0; i < 5; ++i) texts.Append(Value("t"));
  to.Gather(texts, rows);
  EXPECT_EQ(to.Get(0), Value(4));
  EXPECT_EQ(to.Get(8), Value("t"));
}

TEST(Column, ClearForgetsTypeAndNulls) {
  Column column;
  column.AppendNull();
  column.AppendBoolean(true);
  column.Clear();
  EXPECT_EQ(column.size(), 0u);
  column.Append(Value("x"));
  EXPECT_FALSE(column.IsNull(0));
}

}  // namespace
}  // namespace tupu
