using System.Globalization;
using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Functions;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Conditions;

/// <summary>Binds conditions that are trees.</summary>
internal sealed class FilterBinder(FormulaContext context, IReadOnlyList<string> columns)
{
    /// <summary>Binds a condition.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="context">The context in which columns are resolved.</param>
    /// <param name="columns">The names of all columns, for searches.</param>
    public static Node<sbyte> Bind(FilterCondition condition, FormulaContext context, IReadOnlyList<string> columns) =>
        new FilterBinder(context, columns).Bind(condition, isInverted: false);

    // Negations are pushed down to the leaves, where they have a meaning for null and NaN.
    private Node<sbyte> Bind(FilterCondition condition, bool isInverted) => condition switch
    {
        NotCondition not => Bind(not.Condition, !isInverted),
        AllConditions all => Join(all.Conditions, isAnd: !isInverted, isInverted),
        AnyCondition any => Join(any.Conditions, isAnd: isInverted, isInverted),
        CompareCondition compare => Compare(compare, isInverted),
        InCondition listed => In(listed, listed.IsInverted != isInverted),
        InvokeCondition invoke => Invoke(invoke, isInverted),
        IsNullCondition test => (Node<sbyte>)OperatorBinder.IsNull(Column(test.Column), whenNull: !isInverted),
        IsNaNCondition test => NegateIf(ConditionBinder.RequireBoolean(Call("isNaN", [Column(test.Column)]), -1), isInverted),
        MatchesCondition matches => Matches(matches, matches.IsInverted != isInverted),
        ContainsCondition contains =>
            Text(contains.Column, Containing(contains.Text, contains.IgnoreCase), contains.IsInverted != isInverted),
        SearchCondition search => NegateIf(Search(search), isInverted),
        _ => throw new InvalidOperationException(condition.GetType().Name),
    };

    private Node<sbyte> Join(IReadOnlyList<FilterCondition> conditions, bool isAnd, bool isInverted)
    {
        if (conditions.Count == 0)
            return new ConstantNode<sbyte>(EngineType.Boolean, isInverted ? (sbyte)0 : (sbyte)1);
        Node<sbyte> joined = Bind(conditions[0], isInverted);
        foreach (FilterCondition next in conditions.Skip(1))
            joined = new LogicNode(isAnd, joined, Bind(next, isInverted), -1);
        return joined;
    }

    private Node<sbyte> Compare(CompareCondition compare, bool isInverted)
    {
        CompareOperator how = !isInverted ? compare.Operator : compare.Operator switch
        {
            CompareOperator.Less => CompareOperator.GreaterOrEqual,
            CompareOperator.LessOrEqual => CompareOperator.Greater,
            CompareOperator.Greater => CompareOperator.LessOrEqual,
            CompareOperator.GreaterOrEqual => CompareOperator.Less,
            CompareOperator.Equal => CompareOperator.NotEqual,
            _ => CompareOperator.Equal,
        };
        Node left = Operand(compare.Left), right = Operand(compare.Right);
        if (compare.IgnoreCase)
            (left, right) = (Fold(left), Fold(right));
        string symbol = how switch
        {
            CompareOperator.Less => "<",
            CompareOperator.LessOrEqual => "<=",
            CompareOperator.Greater => ">",
            CompareOperator.GreaterOrEqual => ">=",
            CompareOperator.Equal => "==",
            _ => "!=",
        };
        if (compare is { Left: LiteralOperand } or { Right: LiteralOperand } && BigFilters.Compare(symbol, left, right) is { } big)
            return big;
        (left, right) = (Fit(left, right.Type), Fit(right, left.Type));
        bool isOfOneColumn = compare is { Left: ColumnOperand, Right: LiteralOperand } or { Left: LiteralOperand, Right: ColumnOperand };
        if (isOfOneColumn && left.Type.IsNumeric && right.Type.IsNumeric)
        {
            // As in a written condition on one column: the literal is parsed as the type of the column, and both zeros are equal.
            Node column = compare.Left is ColumnOperand ? left : right, literal = compare.Left is ColumnOperand ? right : left;
            if (column.Type.Kind is EngineKind.Float or EngineKind.Double)
            {
                if (symbol is "<" or "<=" && compare.Left is ColumnOperand && literal is ConstantNode<double> { Value: double.NaN })
                    return ConditionBinder.CompareWithNaN(column, symbol, context);
                literal = Conversions.Cast(literal, column.Type, -1)!;
                (left, right) = compare.Left is ColumnOperand ? (column, literal) : (literal, column);
                return (Node<sbyte>)(left is Node<float> floats
                    ? OperatorBinder.Unsigned(symbol, floats, (Node<float>)right)
                    : OperatorBinder.Unsigned(symbol, (Node<double>)left, (Node<double>)right));
            }
        }

        // A comparison of arrays returns one Boolean per element.
        return ConditionBinder.RequireBoolean(OperatorBinder.Bind(symbol, left, right, -1), -1);
    }

    private static Node Fold(Node node) => node is Node<string?> ? Call(".toLowerCase", [node], NullRule.Propagate) : node;

    /// <summary>
    /// Converts a literal to the type beside it: a string of one character, or one digit, to a character; a whole double to an integer.
    /// </summary>
    private static Node Fit(Node node, EngineType beside) => node switch
    {
        _ when beside.Kind == EngineKind.Object => ObjectMembership.Literal(node) ?? node,
        ConstantNode<string?> { Value.Length: 1 } text when beside.Kind == EngineKind.Char =>
            new ConstantNode<char>(EngineType.Char, text.Value[0]),
        ConstantNode<long> { Type.Kind: EngineKind.Long, Value: >= 0 and <= 9 and var digit } when beside.Kind == EngineKind.Char =>
            new ConstantNode<char>(EngineType.Char, (char)('0' + digit)),
        ConstantNode<double> { Value: var number } when beside.Kind == EngineKind.Char
            && ToInteger(new DoubleParameter(number)) is { } whole => Fit(new ConstantNode<long>(EngineType.Long, whole), beside),
        ConstantNode<double> { Value: var number } when beside.IsIntegral && ToInteger(new DoubleParameter(number)) is { } whole =>
            new ConstantNode<long>(EngineType.Long, whole),
        _ => node,
    };

    private Node<sbyte> In(InCondition listed, bool isInverted)
    {
        Node target = Operand(listed.Target);
        if (listed.Candidates.All(static candidate => candidate is LiteralOperand))
            return ConditionBinder.In(
                target, [.. listed.Candidates.Select(candidate => Literal((LiteralOperand)candidate, target.Type))], listed.IgnoreCase,
                isInverted);
        return Join(
            [.. listed.Candidates.Select(
                candidate => new CompareCondition(CompareOperator.Equal, listed.Target, candidate, listed.IgnoreCase))], isAnd: isInverted,
                isInverted);
    }

    private static object? Literal(LiteralOperand literal, EngineType type) => (type.Kind, literal.Value) switch
    {
        (EngineKind.BigInteger or EngineKind.BigDecimal, _) => BigFilters.Candidate(type, literal.Value) ?? throw InvalidCandidate(type),
        (EngineKind.Object, _) => ObjectMembership.Read(literal.Value) ?? throw InvalidCandidate(type),
        (EngineKind.String, TextParameter text) => text.Value,
        (EngineKind.Char, TextParameter { Value.Length: 1 } text) => text.Value[0],
        (EngineKind.Boolean, BooleanParameter truth) => truth.Value ? (sbyte)1 : (sbyte)0,
        (EngineKind.Instant, InstantParameter moment) => moment.EpochNanos,
        (EngineKind.Char, LongParameter or DoubleParameter) when ToInteger(literal.Value) is >= 0 and <= 9 and var digit =>
            (char)('0' + digit),
        (EngineKind.Float, LongParameter or DoubleParameter) => (float)Number(literal.Value),
        (EngineKind.Double, LongParameter or DoubleParameter) => Number(literal.Value),
        (EngineKind.Byte or EngineKind.Short or EngineKind.Char or EngineKind.Int or EngineKind.Long,
            LongParameter or DoubleParameter) when ToInteger(literal.Value) is { } number =>
            Narrow(type, number) ?? throw InvalidCandidate(type),
        _ => throw InvalidCandidate(type),
    };

    private static double Number(FormulaParameter value) => value is LongParameter whole ? whole.Value : ((DoubleParameter)value).Value;

    private static long? ToInteger(FormulaParameter value) => value switch
    {
        LongParameter { Value: var number } => number,
        DoubleParameter { Value: var number } when number == Math.Floor(number) && Math.Abs(number) < 1L << 53 => (long)number,
        _ => null,
    };

    private static object? Narrow(EngineType type, long number) => type.Kind switch
    {
        EngineKind.Byte when number is >= sbyte.MinValue and <= sbyte.MaxValue => (sbyte)number,
        EngineKind.Short when number is >= short.MinValue and <= short.MaxValue => (short)number,
        EngineKind.Char when number is >= char.MinValue and <= char.MaxValue => (char)number,
        EngineKind.Int when number is >= int.MinValue and <= int.MaxValue => (int)number,
        EngineKind.Long => number,
        _ => null,
    };

    private static FormulaError InvalidCandidate(EngineType type) => new($"a candidate is not a value of type {type.ClassName}");

    private Node<sbyte> Invoke(InvokeCondition invoke, bool isInverted)
    {
        // The binder names methods with a point before them, which no formula can write.
        if (invoke.Method.Length == 0 || invoke.Method[0] == '.')
            throw new FormulaError($"a condition calls the method `{invoke.Method}`, which is not a name");
        Node[] arguments = [.. invoke.Arguments.Select(Operand)];
        if (invoke.Target is null)
            return NegateIf(ConditionBinder.RequireBoolean(Binder.BindCall(invoke.Method, arguments, context), -1), isInverted);
        Node target = Operand(invoke.Target);
        Node<sbyte> call = NegateIf(
            ConditionBinder.RequireBoolean(Binder.BindCall("." + invoke.Method, [target, .. arguments], context), -1), isInverted);
        return new LogicNode(isAnd: true, (Node<sbyte>)OperatorBinder.IsNull(target, whenNull: false), call, -1);
    }

    private TextTestNode Matches(MatchesCondition matches, bool isInverted)
    {
        var pattern = TextFunctions.WholeMatch(matches.Pattern, matches.IgnoreCase);
        return Text(matches.Column, text => pattern.IsMatch(text), isInverted);
    }

    private TextTestNode Text(string column, Func<string, bool> test, bool isInverted) => Column(column) is Node<string?> texts
        ? new TextTestNode(texts, test, isInverted, -1)
        : throw new FormulaError($"the column {column} does not contain strings");

    private static Func<string, bool> Containing(string part, bool ignoreCase) =>
        ignoreCase ? text => AsciiCase.Contains(text, part) : text => text.Contains(part, StringComparison.Ordinal);

    private Node<sbyte> Search(SearchCondition search)
    {
        Node<sbyte> found = new ConstantNode<sbyte>(EngineType.Boolean, 0);
        if (search.Text.Length == 0)
            return found;
        foreach (string name in search.Columns.Count == 0 ? columns : search.Columns)
        {
            Node column = Column(name);
            if (BindSearch(column, search.Text) is { } here)
                found = new LogicNode(isAnd: false, found, here, -1);
        }

        return found;
    }

    private static Node<sbyte>? BindSearch(Node column, string text)
    {
        if (column is Node<string?> texts)
            return new TextTestNode(texts, Containing(text, ignoreCase: true), isInverted: false, -1);
        if (column is Node<object?> { Type.Component.Kind: EngineKind.String } arrays)
            return InArrays(arrays, Containing(text, ignoreCase: true));
        if (column.Type.IsBig)
            return BigFilters.BindSearch(column, text);
        Node? wanted = column.Type.Kind switch
        {
            EngineKind.Char when text.Length == 1 => new ConstantNode<char>(EngineType.Char, text[0]),
            EngineKind.Boolean when bool.TryParse(text, out bool truth) =>
                new ConstantNode<sbyte>(EngineType.Boolean, truth ? (sbyte)1 : (sbyte)0),
            >= EngineKind.Byte and <= EngineKind.Long when column.Type.Kind != EngineKind.Char
                && long.TryParse(text, CultureInfo.InvariantCulture, out long whole) =>
                new ConstantNode<long>(EngineType.Long, whole),
            EngineKind.Float or EngineKind.Double when long.TryParse(text, CultureInfo.InvariantCulture, out long whole) =>
                new ConstantNode<long>(EngineType.Long, whole),
            EngineKind.Float or EngineKind.Double when double.TryParse(text, CultureInfo.InvariantCulture, out double number) =>
                new ConstantNode<double>(EngineType.Double, number),
            _ => null,
        };
        if (wanted is ConstantNode<long> && column.Type.Kind is EngineKind.Float or EngineKind.Double)
        {
            // A whole number matches the integral part of a value. NaN has none.
            Node isNumber = OperatorBinder.Bind("==", column, column, -1);
            return new LogicNode(
                isAnd: true, (Node<sbyte>)isNumber,
                (Node<sbyte>)OperatorBinder.Bind("==", Conversions.Cast(column, EngineType.Long, -1)!, wanted, -1), -1);
        }

        return wanted is null ? null : (Node<sbyte>)OperatorBinder.Bind("==", column, wanted, -1);
    }

    private static CallNode<object?, sbyte> InArrays(Node<object?> arrays, Func<string, bool> test)
    {
        var call = new Call("search", -1, NullRule.Pass, CanFail: false, IsPure: true);
        return new CallNode<object?, sbyte>(EngineType.Boolean, call, arrays, value =>
        {
            for (long n = 0; value is FormulaVector<string?> texts && n < texts.Size; n++)
            {
                if (texts.GetOrNull(n) is { } text && test(text))
                    return 1;
            }

            return 0;
        });
    }

    private Node Operand(FilterOperand operand) => operand switch
    {
        ColumnOperand { Name: "i" or "ii" } row when context.FindColumn(row.Name) is null =>
            Binder.Bind(new NameSyntax(-1, row.Name), context),
        ColumnOperand column => Column(column.Name),
        LiteralOperand literal => Binder.Parameter(literal.Value),
        _ => throw new InvalidOperationException(operand.GetType().Name),
    };

    private Node Column(string name) =>
        context.FindColumn(name) is null ? throw context.Unknown("column", name, -1) : Binder.Bind(new NameSyntax(-1, name), context);

    private static Node Call(string name, Node[] arguments, NullRule? nulls = null)
    {
        Function function = FunctionLibrary.Find(name, [.. arguments.Select(static argument => argument.Type)])
            ?? throw new FormulaError($"{name} does not take {arguments[0].Type.ClassName}");
        for (int n = 0; n < arguments.Length; n++)
            arguments[n] = Conversions.Widen(arguments[n], function.Parameters[n])!;
        return (nulls is null ? function : function with { Nulls = nulls.Value }).Bind(arguments, null!, -1);
    }

    private static Node<sbyte> NegateIf(Node<sbyte> node, bool isInverted) => isInverted ? new NotNode(node) : node;
}
