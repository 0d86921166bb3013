using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas;

/// <summary>Parses the qualified class names: those of big numbers.</summary>
internal sealed partial class Parser
{
    private const int QualifiedTokens = 5;

    private static readonly Dictionary<string, EngineType?> QualifiedTypes = new(StringComparer.Ordinal)
    {
        ["java.math.BigDecimal"] = EngineType.BigDecimal, ["java.math.BigInteger"] = EngineType.BigInteger,
        ["java.math.RoundingMode"] = null,
    };

    /// <summary>Returns the qualified class name that starts at a token, such as <c>java.math.BigDecimal</c>.</summary>
    private string? QualifiedAt(int at)
    {
        if (at + QualifiedTokens > _tokens.Count || _tokens[at] is not { Kind: TokenKind.Name, Text: "java" })
            return null;
        string name = string.Concat(_tokens.GetRange(at, QualifiedTokens).Select(static token => token.Text));
        return QualifiedTypes.ContainsKey(name) ? name : null;
    }

    /// <summary>Parses the name of a type. The short names of big numbers are column names.</summary>
    private EngineType? TakeTypeName()
    {
        if (QualifiedAt(_at) is { } qualified && QualifiedTypes[qualified] is { } big)
        {
            _at += QualifiedTokens;
            return big;
        }

        if (Current.Kind != TokenKind.Name || !TypeNames.TryGetValue(Current.Text, out EngineType? type))
            return null;
        Take();
        return type;
    }

    /// <summary>Parses a constant or a static method after the name of its class.</summary>
    private Syntax Static(string className, int position)
    {
        Expect(".");
        Token member = Take();
        if (member.Kind != TokenKind.Name)
            throw new FormulaError("the name of a constant or method is expected", member.Position);
        string name = $"{className}.{member.Text}";
        if (!Is("("))
            return new NameSyntax(position, name);
        List<Syntax> arguments = Arguments();
        return CheckDepth(new CallSyntax(position, null, name, arguments), [.. arguments]);
    }
}
