using Wharf.Protocol.Grpc;
using Wharf.Tables;
using MatchType = Wharf.Protocol.Grpc.MatchType;

namespace Wharf.Client;

/// <summary>Converts conditions to the messages of the protocol.</summary>
internal static class FilterRequests
{
    public static Condition ToWire(FilterCondition condition) => condition switch
    {
        AllConditions all => new() { And = new() { Filters = { all.Conditions.Select(ToWire) } } },
        AnyCondition any => new() { Or = new() { Filters = { any.Conditions.Select(ToWire) } } },
        Tables.NotCondition not => new() { Not = new() { Filter = ToWire(not.Condition) } },
        Tables.CompareCondition compare => new()
        {
            Compare = new()
            {
                // The numbers are the same.
                Operation = (Protocol.Grpc.CompareCondition.Types.CompareOperation)compare.Operator,
                CaseSensitivity = Case(compare.IgnoreCase),
                Lhs = ToWire(compare.Left),
                Rhs = ToWire(compare.Right),
            },
        },
        Tables.InCondition among => new()
        {
            In = new()
            {
                Target = ToWire(among.Target),
                Candidates = { among.Candidates.Select(ToWire) },
                CaseSensitivity = Case(among.IgnoreCase),
                MatchType = Match(among.IsInverted),
            },
        },
        Tables.InvokeCondition invoke => new()
        {
            Invoke = new() { Method = invoke.Method, Target = invoke.Target is { } target ? ToWire(target) : null,
                Arguments = { invoke.Arguments.Select(ToWire) } },
        },
        Tables.IsNullCondition isNull => new() { IsNull = new() { Reference = Column(isNull.Column) } },
        Tables.IsNaNCondition isNaN => new() { IsNan = new() { Reference = Column(isNaN.Column) } },
        Tables.MatchesCondition matches => new()
        {
            Matches = new() { Reference = Column(matches.Column), Regex = matches.Pattern, CaseSensitivity = Case(matches.IgnoreCase),
                MatchType = Match(matches.IsInverted) },
        },
        Tables.ContainsCondition contains => new()
        {
            Contains = new() { Reference = Column(contains.Column), SearchString = contains.Text,
                CaseSensitivity = Case(contains.IgnoreCase), MatchType = Match(contains.IsInverted) },
        },
        Tables.SearchCondition search =>
            new() { Search = new() { SearchString = search.Text, OptionalReferences = { search.Columns.Select(Column) } } },
        _ => throw new ArgumentException($"the client does not support {condition.GetType().Name}", nameof(condition)),
    };

    private static Value ToWire(FilterOperand operand) => operand switch
    {
        ColumnOperand column => new() { Reference = Column(column.Name) },
        LiteralOperand literal => new() { Literal = ToWire(literal.Value) },
        _ => throw new ArgumentException($"the client does not support {operand.GetType().Name}", nameof(operand)),
    };

    private static Literal ToWire(FormulaParameter value) => value switch
    {
        TextParameter { Value: { } text } => new() { StringValue = text },
        TextParameter => throw new ArgumentException(
            $"the protocol has no literal for null: use {nameof(Tables.IsNullCondition)}", nameof(value)),
        IntParameter number => new() { LongValue = number.Value },
        LongParameter number => new() { LongValue = number.Value },
        DoubleParameter number => new() { DoubleValue = number.Value },
        BooleanParameter truth => new() { BoolValue = truth.Value },
        InstantParameter time => new() { NanoTimeValue = time.EpochNanos },
        _ => throw new ArgumentException($"the client does not support {value.GetType().Name}", nameof(value)),
    };

    private static Reference Column(string name) => new() { ColumnName = name };

    private static CaseSensitivity Case(bool isIgnored) => isIgnored ? CaseSensitivity.IgnoreCase : CaseSensitivity.MatchCase;

    private static MatchType Match(bool isInverted) => isInverted ? MatchType.Inverted : MatchType.Regular;
}
