using System.Globalization;
using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Conditions;

/// <summary>
/// Tests whether values of any type are in a list: those of unions, and columns of nulls. A candidate is a string, an int or a double, and
/// equals only a value of its own type.
/// </summary>
internal static class ObjectMembership
{
    /// <summary>Binds the test.</summary>
    /// <param name="operand">The values.</param>
    /// <param name="candidates">The candidates; null represents itself.</param>
    /// <param name="isInverted">Whether a value must not be in the list.</param>
    public static Node<sbyte> In(Node<object?> operand, IEnumerable<object?> candidates, bool isInverted)
    {
        var listed = new HashSet<object>(candidates.OfType<object>());
        bool hasNull = candidates.Any(static candidate => candidate is null);
        var call = new Call("in", -1, NullRule.Pass, CanFail: false, IsPure: true);
        return new CallNode<object?, sbyte>(EngineType.Boolean, call, operand, value =>
        {
            bool found = value switch
            {
                null => hasNull,
                StoredObject { Type.Kind: EngineKind.String or EngineKind.Int or EngineKind.Double } stored =>
                    listed.Contains(stored.Value),
                StoredObject => false,
                _ => listed.Contains(value),
            };
            return found != isInverted ? (sbyte)1 : (sbyte)0;
        });
    }

    /// <summary>Reads a candidate of a written list: a string, a number with a decimal point as a double, digits as an int.</summary>
    /// <returns>The candidate, or null if it is none of these.</returns>
    public static object? Read(ListedLiteral literal)
    {
        (Token token, bool isNegative) = (literal.Token, literal.IsNegative);
        if (token.Kind == TokenKind.Text)
            return isNegative ? null : token.Text;
        string digits = (isNegative ? "-" : "") + token.Text;
        return token.Kind switch
        {
            TokenKind.Int or TokenKind.Long when int.TryParse(
                digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole) => whole,
            TokenKind.Float or TokenKind.Double when digits.Contains('.', StringComparison.Ordinal) && double.TryParse(
                digits.TrimEnd('f', 'F', 'd', 'D'), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
            _ => null,
        };
    }

    /// <summary>Reads a candidate of a tree: a string, an integer in the range of int as an int, any other number as a double.</summary>
    /// <returns>The candidate, or null if it is none of these.</returns>
    public static object? Read(FormulaParameter value) => value switch
    {
        TextParameter text => text.Value,
        LongParameter { Value: >= int.MinValue and <= int.MaxValue and var whole } => (int)whole,
        DoubleParameter { Value: var number } when IsInt(number) => (int)number,
        DoubleParameter { Value: not double.NaN and var number } => number,
        _ => null,
    };

    /// <summary>Converts a literal of a tree beside values of any type, where an integer is an int.</summary>
    public static Node? Literal(Node node) => node switch
    {
        ConstantNode<long> { Type.Kind: EngineKind.Long, Value: >= int.MinValue and <= int.MaxValue and var whole } =>
            new ConstantNode<int>(EngineType.Int, (int)whole),
        ConstantNode<double> { Value: var number } when IsInt(number) => new ConstantNode<int>(EngineType.Int, (int)number),
        _ => null,
    };

    private static bool IsInt(double number) => number == Math.Floor(number) && number is >= int.MinValue and <= int.MaxValue;
}
