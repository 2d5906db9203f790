// The aggregates. Nulls are skipped by all of them; count(*) is Update without arguments.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "query/functions/internal/function_tables.h"
#include "query/value/compare.h"
#include "query/value/temporal_arithmetic.h"
#include "query/value/value_error.h"

namespace tupu {

namespace {

using namespace function_types;
using Arguments = std::span<const Value>;

class CountAggregator : public Aggregator {
 public:
  Status Update(Arguments arguments) override {
    return UpdateRepeated(arguments, 1);
  }
  Status UpdateRepeated(Arguments arguments, int64_t count) override {
    if (arguments.empty() || !arguments[0].is_null()) count_ += count;
    return {};
  }
  Status Merge(Aggregator& other) override {
    count_ += static_cast<CountAggregator&>(other).count_;
    return {};
  }
  Result<Value> Finish() override { return Value(count_); }

 private:
  int64_t count_ = 0;
};

/// A sum that forgets no low bits, so that it depends (almost) not on the order of its terms.
/// Source: Neumaier (1974), the second-order form of Kahan's summation.
class CompensatedSum {
 public:
  void Add(double term) {
    const double sum = sum_ + term;
    correction_ += std::fabs(sum_) >= std::fabs(term) ? (sum_ - sum) + term : (term - sum) + sum_;
    sum_ = sum;
  }
  void Add(const CompensatedSum& other) {
    Add(other.sum_);
    correction_ += other.correction_;
  }
  // With an infinity or NaN among the terms the correction is NaN, and the plain sum is right.
  double Get() const { return std::isfinite(sum_) ? sum_ + correction_ : sum_; }

 private:
  double sum_ = 0;
  double correction_ = 0;
};

/// Integers, floats and durations, kept apart until the end.
class Total {
 public:
  Status Add(std::string_view function, const Value& value) {
    switch (value.type()) {
      case ValueType::kInteger: integers_ += value.AsInteger(); break;
      case ValueType::kFloat:
        floats_.Add(value.AsFloat());
        has_float_ = true;
        break;
      case ValueType::kDuration: {
        TUPU_TRY_ASSIGN(duration_, AddDurations(duration_, value.AsDuration()));
        ++duration_count_;
        break;
      }
      default: return WrongArgument(function, "numbers or durations", value);
    }
    ++count_;
    if (duration_count_ > 0 && duration_count_ < count_)
      return ValueError("TypeError.InvalidArgumentValue",
                        fmt::format("{}() cannot mix numbers and durations", function));
    return {};
  }

  Status Add(const Total& other) {
    integers_ += other.integers_;
    floats_.Add(other.floats_);
    has_float_ |= other.has_float_;
    count_ += other.count_;
    duration_count_ += other.duration_count_;
    TUPU_TRY_ASSIGN(duration_, AddDurations(duration_, other.duration_));
    if (duration_count_ > 0 && duration_count_ < count_)
      return ValueError("TypeError.InvalidArgumentValue", "numbers and durations cannot be added");
    return {};
  }

  int64_t count() const { return count_; }
  bool is_duration() const { return duration_count_ > 0; }
  const Duration& duration() const { return duration_; }
  bool has_float() const { return has_float_; }
  __int128 integers() const { return integers_; }
  double AsDouble() const { return static_cast<double>(integers_) + floats_.Get(); }

 private:
  __int128 integers_ = 0;  // 2^64 rows of 64-bit numbers fit
  CompensatedSum floats_;
  Duration duration_;
  bool has_float_ = false;
  int64_t count_ = 0;
  int64_t duration_count_ = 0;
};

class SumAggregator : public Aggregator {
 public:
  Status Update(Arguments arguments) override {
    return arguments[0].is_null() ? Status() : total_.Add("sum", arguments[0]);
  }
  Status Merge(Aggregator& other) override { return total_.Add(static_cast<SumAggregator&>(other).total_); }
  Result<Value> Finish() override {
    if (total_.is_duration()) return Value(total_.duration());
    if (total_.has_float()) return Value(total_.AsDouble());
    if (total_.integers() > INT64_MAX || total_.integers() < INT64_MIN)
      return ValueError("ArithmeticError.NumberOutOfRange",
                        "the sum does not fit into a 64-bit integer; sum floats: sum(toFloat(x))");
    return Value(static_cast<int64_t>(total_.integers()));
  }

 private:
  Total total_;
};

class AverageAggregator : public Aggregator {
 public:
  Status Update(Arguments arguments) override {
    return arguments[0].is_null() ? Status() : total_.Add("avg", arguments[0]);
  }
  Status Merge(Aggregator& other) override { return total_.Add(static_cast<AverageAggregator&>(other).total_); }
  Result<Value> Finish() override {
    if (total_.count() == 0) return Value();
    if (!total_.is_duration()) return Value(total_.AsDouble() / static_cast<double>(total_.count()));
    TUPU_TRY_ASSIGN(const Duration average,
                    ScaleDuration(total_.duration(), 1.0L / static_cast<long double>(total_.count())));
    return Value(average);
  }

 private:
  Total total_;
};

/// min and max, by orderability: mixed types are no error.
template <int kSign>
class ExtremeAggregator : public Aggregator {
 public:
  Status Update(Arguments arguments) override {
    const Value& value = arguments[0];
    if (!value.is_null() && (best_.is_null() || Order(value, best_) * kSign > 0)) best_ = value;
    return {};
  }
  Status Merge(Aggregator& other) override {
    return Update(Arguments(&static_cast<ExtremeAggregator&>(other).best_, 1));
  }
  Result<Value> Finish() override { return best_; }

 private:
  Value best_;
};

class CollectAggregator : public Aggregator {
 public:
  Status Update(Arguments arguments) override {
    if (!arguments[0].is_null()) values_.push_back(arguments[0]);
    return {};
  }
  Status Merge(Aggregator& other) override {
    List& more = static_cast<CollectAggregator&>(other).values_;
    values_.insert(values_.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    return {};
  }
  Result<Value> Finish() override { return Value(std::move(values_)); }
  size_t MemoryBytes() const override { return sizeof(*this) + values_.capacity() * sizeof(Value); }

 private:
  List values_;
};

/// percentileCont and percentileDisc: keeps all numbers, sorts once.
template <bool kContinuous>
class PercentileAggregator : public Aggregator {
 public:
  Status Update(Arguments arguments) override {
    TUPU_TRY(TakePercentile(arguments[1]));
    if (arguments[0].is_null()) return {};
    if (!arguments[0].is_number()) return WrongArgument(kName, "numbers", arguments[0]);
    values_.push_back(arguments[0]);
    return {};
  }
  Status Merge(Aggregator& other) override {
    auto& more = static_cast<PercentileAggregator&>(other);
    if (std::isnan(percentile_)) percentile_ = more.percentile_;
    values_.insert(values_.end(), more.values_.begin(), more.values_.end());
    return {};
  }
  Result<Value> Finish() override {
    if (values_.empty()) return Value();
    std::ranges::sort(values_, [](const Value& a, const Value& b) { return Order(a, b) < 0; });
    const auto size = static_cast<double>(values_.size());
    if constexpr (!kContinuous) {
      // The first value that at least the asked share of all values does not exceed.
      const double rank = std::ceil(percentile_ * size);
      return values_[static_cast<size_t>(std::max(rank, 1.0)) - 1];
    }
    const double position = percentile_ * (size - 1);
    const double floor = std::floor(position);
    const double low = values_[static_cast<size_t>(floor)].ToDouble();
    if (floor == position) return Value(low);
    const double high = values_[static_cast<size_t>(floor) + 1].ToDouble();
    return Value(low * (floor + 1 - position) + high * (position - floor));
  }
  size_t MemoryBytes() const override { return sizeof(*this) + values_.capacity() * sizeof(Value); }

 private:
  static constexpr std::string_view kName = kContinuous ? "percentileCont" : "percentileDisc";

  // The last row's counts: within a group it should be one number.
  Status TakePercentile(const Value& percentile) {
    if (!percentile.is_number()) return WrongArgument(kName, "a percentile from 0.0 to 1.0", percentile);
    const double number = percentile.ToDouble();
    if (!(number >= 0 && number <= 1))
      return ValueError("ArgumentError.NumberOutOfRange",
                        fmt::format("{}() takes a percentile from 0.0 to 1.0, not {}", kName, number));
    percentile_ = number;
    return {};
  }

  double percentile_ = std::nan("");
  List values_;
};

/// stDev (of a sample: n - 1) and stDevP (of a population: n), in one pass.
/// Source: Welford (1962); partial states merge after Chan, Golub, LeVeque (1979).
template <bool kSample>
class DeviationAggregator : public Aggregator {
 public:
  Status Update(Arguments arguments) override {
    if (arguments[0].is_null()) return {};
    if (!arguments[0].is_number()) return WrongArgument(kSample ? "stDev" : "stDevP", "numbers", arguments[0]);
    const double value = arguments[0].ToDouble();
    ++count_;
    const double delta = value - mean_;
    mean_ += delta / static_cast<double>(count_);
    squares_ += delta * (value - mean_);
    return {};
  }
  Status Merge(Aggregator& other) override {
    const auto& more = static_cast<DeviationAggregator&>(other);
    if (more.count_ == 0) return {};
    const auto mine = static_cast<double>(count_);
    const auto theirs = static_cast<double>(more.count_);
    const double delta = more.mean_ - mean_;
    squares_ += more.squares_ + delta * delta * mine * theirs / (mine + theirs);
    mean_ += delta * theirs / (mine + theirs);
    count_ += more.count_;
    return {};
  }
  Result<Value> Finish() override {
    const int64_t divisor = kSample ? count_ - 1 : count_;
    return Value(divisor < 1 ? 0.0 : std::sqrt(squares_ / static_cast<double>(divisor)));
  }

 private:
  int64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

template <class T>
std::unique_ptr<Aggregator> Make() {
  return std::make_unique<T>();
}

StaticType SumType(std::span<const StaticType> arguments) {
  const StaticType type = SameAsFirst(arguments);
  const bool is_number = type.list_depth == 0 && (type.kind == StaticKind::kInteger ||
                                                  type.kind == StaticKind::kFloat || type.kind == StaticKind::kNumber);
  return is_number ? type : kAny;
}

constexpr ParameterTypes kSummable[] = {kTypesOf<StaticKind::kNumber, StaticKind::kDuration>};
constexpr ParameterTypes kNumbers[] = {kTypesOf<StaticKind::kNumber>};

constexpr Function AggregateOf(std::string_view name, uint16_t arguments, std::span<const ParameterTypes> parameters,
                               StaticType (*result_type)(std::span<const StaticType>),
                               std::unique_ptr<Aggregator> (*make)()) {
  return {.name = name,
          .min_arguments = arguments,
          .max_arguments = arguments,
          .aggregate = true,
          .null_if_any_null = false,
          .parameters = parameters,
          .result_type = result_type,
          .make_aggregator = make};
}

constexpr Function kFunctions[] = {
    AggregateOf("count", 1, {}, Always<StaticKind::kInteger>, Make<CountAggregator>),
    AggregateOf("sum", 1, kSummable, SumType, Make<SumAggregator>),
    AggregateOf("avg", 1, kSummable, Always<StaticKind::kAny>, Make<AverageAggregator>),
    AggregateOf("min", 1, {}, SameAsFirst, Make<ExtremeAggregator<-1>>),
    AggregateOf("max", 1, {}, SameAsFirst, Make<ExtremeAggregator<1>>),
    AggregateOf("collect", 1, {}, ListOfFirst, Make<CollectAggregator>),
    AggregateOf("percentileCont", 2, kNumbers, Always<StaticKind::kFloat>, Make<PercentileAggregator<true>>),
    AggregateOf("percentileDisc", 2, kNumbers, Always<StaticKind::kNumber>, Make<PercentileAggregator<false>>),
    AggregateOf("stDev", 1, kNumbers, Always<StaticKind::kFloat>, Make<DeviationAggregator<true>>),
    AggregateOf("stDevP", 1, kNumbers, Always<StaticKind::kFloat>, Make<DeviationAggregator<false>>),
};

}  // namespace

std::span<const Function> AggregateFunctions() {
  return kFunctions;
}

}  // namespace tupu
