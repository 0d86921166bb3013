using System.Globalization;
using System.Numerics;
using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Big;
using Wharf.Tables.Formulas.Functions;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Conditions;

/// <summary>Binds conditions that are written as text.</summary>
internal static class ConditionBinder
{
    /// <summary>Binds a condition.</summary>
    /// <exception cref="FormulaError">The condition is invalid, or is not a Boolean.</exception>
    public static Node<sbyte> Bind(ConditionSyntax syntax, FormulaContext context) => syntax switch
    {
        ExpressionCondition { Expression: var expression } whole =>
            RequireBoolean(Comparison(whole, context) ?? Binder.Bind(expression, context, whole.Repeated), expression.Position),
        InConditionSyntax listed => In(listed, context),
        IncludesCondition includes => Includes(includes, context),
        _ => throw new InvalidOperationException(syntax.GetType().Name),
    };

    /// <summary>Returns a node as a condition.</summary>
    public static Node<sbyte> RequireBoolean(Node node, int position) => node is Node<sbyte> { Type.Kind: EngineKind.Boolean } truth
        ? truth
        : throw new FormulaError(
            $"a condition must be a Boolean, not {(node.Type.Kind == EngineKind.Null ? "null" : node.Type.ClassName)}", position);

    /// <summary>Tests whether a value is in a list.</summary>
    /// <param name="operand">The value.</param>
    /// <param name="values">The list, in the type in which the engine computes; null represents itself.</param>
    /// <param name="ignoreCase">Whether strings are compared case-insensitively.</param>
    /// <param name="isInverted">Whether the value must not be in the list.</param>
    public static Node<sbyte> In(Node operand, IReadOnlyList<object?> values, bool ignoreCase, bool isInverted) =>
        operand is Node<object?> { Type.Kind: EngineKind.Object } objects
            ? ObjectMembership.In(objects, values, isInverted)
            : operand.Type.Dispatch(new Membership(operand, values, ignoreCase, isInverted));

    private readonly struct Membership(Node operand, IReadOnlyList<object?> values, bool ignoreCase, bool isInverted)
        : IClrDispatch<Node<sbyte>>
    {
        public Node<sbyte> Invoke<T>()
        {
            var comparer = ignoreCase && typeof(T) == typeof(string)
                ? (IEqualityComparer<T>)(object)StringComparer.OrdinalIgnoreCase
                : EqualityComparer<T>.Default;
            return new MembershipNode<T>((Node<T>)operand,
                new HashSet<T>(values.Select(static value => value is null ? Null<T>.Value : (T)value), comparer), isInverted);
        }
    }

    /// <summary>
    /// Binds comparisons of a column with a literal that have a special meaning as a whole condition. Null compares as the smallest value.
    /// A literal in single quotes beside a string column is a string. One digit, one letter, or a string in double quotes beside a
    /// character column is that character. The digits of a number beside a float or double column are parsed as that type, and <c>NaN</c>
    /// and <c>Infinity</c> are numbers.
    /// </summary>
    private static Node? Comparison(ExpressionCondition condition, FormulaContext context)
    {
        if (condition.Expression is not BinarySyntax { Operator: "==" or "!=" or "<" or "<=" or ">" or ">=" } comparison)
            return null;
        if (comparison.Left is NameSyntax left && Against(left, comparison.Operator, comparison.Right) is { } bound)
            return bound;
        return comparison.Right is NameSyntax right ? Against(right, Mirror(comparison.Operator), comparison.Left) : null;

        Node? Against(NameSyntax name, string symbol, Syntax literal)
        {
            if (context.FindColumn(name.Name) is not { } column)
                return null;
            if (symbol is "==" or "!=" && literal is LiteralSyntax { Type.Kind: EngineKind.Null })
                return OperatorBinder.IsNull(Binder.Bind(name, context), whenNull: symbol == "==");
            bool isFloating = column.Type.Kind is EngineKind.Float or EngineKind.Double;
            if (isFloating && symbol is "<" or "<=" && literal is NameSyntax { Name: "NaN" } && context.FindColumn("NaN") is null)
                return CompareWithNaN(Binder.Bind(name, context), symbol, context);

            if (column.Type.IsBig && condition.PlainNumber is { } digits)
                return Big(Binder.Bind(name, context), symbol, digits, comparison.Position);

            Node? value = Literal(literal, column.Type, context, condition.IsOfOneColumn);
            if (isFloating && condition.IsOfOneColumn
                && (value ?? Binder.Bind(literal, context)) is { Type.IsNumeric: true, IsConstant: true } number)
            {
                // The literal is parsed as the type of the column, and both zeros are equal.
                Node tested = Binder.Bind(name, context), limit = Conversions.Cast(number, column.Type, literal.Position)!;
                return tested is Node<float> floats
                    ? OperatorBinder.Unsigned(symbol, floats, (Node<float>)limit)
                    : OperatorBinder.Unsigned(symbol, (Node<double>)tested, (Node<double>)limit);
            }

            return value is null ? null : OperatorBinder.Bind(symbol, Binder.Bind(name, context), value, comparison.Position);
        }
    }

    /// <summary>
    /// Compares a column of big numbers with a plain number of any size. A decimal is equal only to a number of the same scale.
    /// </summary>
    private static Node Big(Node column, string symbol, string digits, int position)
    {
        BigDecimal number = BigDecimal.Parse(digits) ?? throw new FormulaError($"{digits} is not a number", position);
        bool isDecimal = column.Type.Kind == EngineKind.BigDecimal;
        Node value = isDecimal || number.Scale > 0
            ? new ConstantNode<object?>(EngineType.BigDecimal, number)
            : new ConstantNode<object?>(EngineType.BigInteger, number.Unscaled);
        return isDecimal && symbol is "==" or "!="
            ? BigOperators.BindEquals(column, value, symbol == "==")
            : OperatorBinder.Bind(symbol, column, value, position);
    }

    /// <summary>Binds a comparison with NaN, which is the largest value in Java's order.</summary>
    public static Node<sbyte> CompareWithNaN(Node column, string symbol, FormulaContext context) => symbol == "<"
        ? new NotNode((Node<sbyte>)Binder.BindCall("isNaN", [column], context))
        : new ConstantNode<sbyte>(EngineType.Boolean, 1);

    private static string Mirror(string comparison) => comparison switch
    {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        _ => comparison,
    };

    private static Node? Literal(Syntax syntax, EngineType type, FormulaContext context, bool isPlain) => syntax switch
    {
        LiteralSyntax { Type.Kind: EngineKind.Null } => Conversions.Widen(Binder.Bind(syntax, context), type),
        QuotedSyntax quoted when type.Kind == EngineKind.String => new ConstantNode<string?>(EngineType.String, quoted.Text),
        LiteralSyntax { Type.Kind: EngineKind.Float, Value: float number } when type.Kind == EngineKind.Double =>
            new ConstantNode<double>(
                EngineType.Double, double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)),
        LiteralSyntax { IsDoubleQuoted: true, Value: string { Length: 1 } text } when type.Kind == EngineKind.Char =>
            new ConstantNode<char>(EngineType.Char, text[0]),
        LiteralSyntax { Type.Kind: EngineKind.Int, Value: int and >= 0 and <= 9 and var digit } when type.Kind == EngineKind.Char
            && isPlain =>
            new ConstantNode<char>(EngineType.Char, (char)('0' + digit)),
        LiteralSyntax { Type.Kind: EngineKind.BigInteger, Value: BigInteger large } when type.Kind is EngineKind.Float or EngineKind.Double
            && isPlain =>
            new ConstantNode<double>(EngineType.Double, BigIntegers.ToDouble(large)),
        QuotedSyntax quoted when type.Kind == EngineKind.Instant && ReadingFunctions.ReadInstant(quoted.Text) is { } moment =>
            new ConstantNode<long>(EngineType.Instant, moment),
        NameSyntax { Name.Length: 1 } name when type.Kind == EngineKind.Char && context.FindColumn(name.Name) is null
            && context.FindParameter(name.Name) is null =>
            new ConstantNode<char>(EngineType.Char, name.Name[0]),
        NameSyntax { Name: "NaN" or "Infinity" } name when type.Kind is EngineKind.Float or EngineKind.Double
            && context.FindColumn(name.Name) is null =>
            new ConstantNode<double>(EngineType.Double, name.Name == "NaN" ? double.NaN : double.PositiveInfinity),
        _ => null,
    };

    private static Node<sbyte> In(InConditionSyntax listed, FormulaContext context)
    {
        Node column = Column(listed.Column, listed.Position, context);
        return In(column, [.. listed.Values.Select(value => ListedValues.Read(column.Type, value))], listed.IgnoreCase, listed.IsInverted);
    }

    private static TextTestNode Includes(IncludesCondition includes, FormulaContext context)
    {
        if (Column(includes.Column, includes.Position, context) is not Node<string?> texts)
            throw new FormulaError($"includes needs a column of strings; {includes.Column} is not one", includes.Position);
        // "not" applies to each string, so "not includes all" is true if none is included, as in the reference server.
        bool Passes(string text, string part) =>
            (includes.IgnoreCase ? AsciiCase.Contains(text, part) : text.Contains(part, StringComparison.Ordinal)) != includes.IsInverted;
        return new TextTestNode(
            texts,
            includes.All ? text => includes.Texts.All(part => Passes(text, part)) : text => includes.Texts.Any(part => Passes(text, part)),
            isInverted: false,
            includes.Position);
    }

    private static Node Column(string name, int position, FormulaContext context) =>
        context.FindColumn(name) is null
            ? throw context.Unknown("column", name, position)
            : Binder.Bind(new NameSyntax(position, name), context);
}
