using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas;

/// <summary>Parses formulas. For every text, the result is a tree of bounded depth or a <see cref="FormulaError"/>.</summary>
internal sealed partial class Parser
{
    /// <summary>The maximum length of a formula.</summary>
    public const int MaxLength = 32_768;

    /// <summary>The maximum depth of a tree; each operator of a chain adds one level.</summary>
    public const int MaxDepth = 500;

    /// <summary>The maximum nesting of parentheses, branches and signs.</summary>
    public const int MaxNesting = 200;

    private static readonly Dictionary<string, int> Precedence = new(StringComparer.Ordinal)
    {
        ["||"] = 1, ["&&"] = 2, ["|"] = 3, ["^"] = 4, ["&"] = 5, ["=="] = 6, ["="] = 6, ["!="] = 6,
        ["<"] = 7, ["<="] = 7, [">"] = 7, [">="] = 7, ["+"] = 8, ["-"] = 8, ["*"] = 9, ["/"] = 9, ["%"] = 9,
    };

    private static readonly Dictionary<string, EngineType> TypeNames = new(StringComparer.Ordinal)
    {
        ["boolean"] = EngineType.Boolean, ["Boolean"] = EngineType.Boolean, ["byte"] = EngineType.Byte, ["Byte"] = EngineType.Byte,
        ["short"] = EngineType.Short, ["Short"] = EngineType.Short, ["char"] = EngineType.Char, ["Character"] = EngineType.Char,
        ["int"] = EngineType.Int, ["Integer"] = EngineType.Int, ["long"] = EngineType.Long, ["Long"] = EngineType.Long,
        ["float"] = EngineType.Float, ["Float"] = EngineType.Float, ["double"] = EngineType.Double, ["Double"] = EngineType.Double,
        ["String"] = EngineType.String, ["Instant"] = EngineType.Instant, ["LocalDate"] = EngineType.LocalDate,
        ["LocalTime"] = EngineType.LocalTime,
        ["Duration"] = EngineType.Duration, ["Period"] = EngineType.Period, ["ZonedDateTime"] = EngineType.ZonedDateTime,
        ["Object"] = EngineType.Object,
    };

    private readonly List<Token> _tokens;
    private int _at;
    private int _nesting;

    private Parser(string text)
    {
        if (text.Length > MaxLength)
            throw new FormulaError($"the formula has {text.Length} characters, at most {MaxLength} are allowed");
        _tokens = Tokenizer.Read(text);
    }

    private Token Current => _tokens[_at];

    /// <summary>Parses a text that is one expression.</summary>
    public static Syntax ParseExpression(string text)
    {
        var parser = new Parser(text);
        return parser.ToEnd(parser.Expression());
    }

    /// <summary>Parses the definition of a column: <c>Name = expression</c> or a name.</summary>
    public static SelectableSyntax ParseSelectable(string text)
    {
        var parser = new Parser(text);
        Token name = parser.Take();
        if (name.Kind != TokenKind.Name)
            throw new FormulaError("a column name is expected", name.Position);
        if (!ColumnNames.IsLegal(name.Text))
            throw new FormulaError($"{name.Text} is not a legal column name", name.Position);
        if (parser.Current.Kind == TokenKind.End)
            return new SelectableSyntax(name.Text, new NameSyntax(name.Position, name.Text));
        parser.Expect("=");
        return new SelectableSyntax(name.Text, parser.ToEnd(parser.Expression()));
    }

    private Syntax ToEnd(Syntax expression) => Current.Kind == TokenKind.End ? expression : throw Unexpected();

    private Syntax Expression()
    {
        if (++_nesting > MaxNesting)
            throw TooDeep();
        Syntax condition = Operators(1);
        if (Is("?"))
        {
            int position = Take().Position;
            Syntax whenTrue = Expression();
            Expect(":");
            Syntax whenFalse = Expression();
            condition = CheckDepth(new ConditionalSyntax(position, condition, whenTrue, whenFalse), condition, whenTrue, whenFalse);
        }

        _nesting--;
        return condition;
    }

    private Syntax Operators(int lowest)
    {
        Syntax left = Unary();
        while (Current.Kind == TokenKind.Symbol && Precedence.TryGetValue(Current.Text, out int precedence) && precedence >= lowest)
        {
            Token symbol = Take();
            Syntax right = Operators(precedence + 1);
            left = CheckDepth(new BinarySyntax(symbol.Position, symbol.Text == "=" ? "==" : symbol.Text, left, right), left, right);
        }

        return left;
    }

    private Syntax Unary()
    {
        Token start = Current;
        if (Is("-") || Is("!"))
        {
            Take();
            Syntax operand = Nested(Unary);
            return CheckDepth(new UnarySyntax(start.Position, start.Text, operand), operand);
        }

        int opening = _at;
        if (Is("(") && CastType() is { } type)
        {
            bool isBoxed = char.IsUpper(_tokens[opening + 1].Text[0]);
            if (isBoxed && Is("-"))
                throw new FormulaError(
                    "a sign after a class in parentheses is a subtraction; put the number in parentheses", Current.Position);
            Syntax operand = Nested(Unary);
            return CheckDepth(new CastSyntax(start.Position, type, operand) { IsBoxed = isBoxed }, operand);
        }

        return Postfix();
    }

    private Syntax Nested(Func<Syntax> inner)
    {
        if (++_nesting > MaxNesting)
            throw TooDeep();
        Syntax result = inner();
        _nesting--;
        return result;
    }

    /// <summary>Parses <c>(type)</c> if it is next.</summary>
    private EngineType? CastType()
    {
        int start = _at;
        Take();
        if (TakeTypeName() is { } type)
        {
            while (Is("[") && _tokens[_at + 1] is { Kind: TokenKind.Symbol, Text: "]" })
            {
                _at += 2;
                type = type.ArrayOf();
            }

            if (Is(")"))
            {
                Take();
                return type;
            }
        }

        _at = start;
        return null;
    }

    private Syntax Postfix()
    {
        Syntax result = Primary();
        while (true)
        {
            if (Is("."))
            {
                int position = Take().Position;
                Token name = Take();
                if (name.Kind != TokenKind.Name)
                    throw new FormulaError("a method name is expected", name.Position);
                if (Is("("))
                {
                    IReadOnlyList<Syntax> arguments = Arguments();
                    result = CheckDepth(new CallSyntax(name.Position, result, name.Text, arguments), [result, .. arguments]);
                }
                else
                {
                    result = CheckDepth(new MemberSyntax(position, result, name.Text), result);
                }
            }
            else if (Is("["))
            {
                int position = Take().Position;
                Syntax index = Expression();
                Expect("]");
                result = CheckDepth(new IndexSyntax(position, result, index), result, index);
            }
            else
            {
                return result;
            }
        }
    }

    private Syntax Primary()
    {
        Token token = Take();
        switch (token.Kind)
        {
            case TokenKind.Int:
                return new LiteralSyntax(token.Position, token.Value is int ? EngineType.Int : EngineType.BigInteger, token.Value);
            case TokenKind.Long: return new LiteralSyntax(token.Position, EngineType.Long, token.Value);
            case TokenKind.Float: return new LiteralSyntax(token.Position, EngineType.Float, token.Value);
            case TokenKind.Double: return new LiteralSyntax(token.Position, EngineType.Double, token.Value);
            case TokenKind.Text:
                return new LiteralSyntax(token.Position, EngineType.String, token.Text) { IsDoubleQuoted = token.Value is '"' };
            case TokenKind.Quoted: return new QuotedSyntax(token.Position, token.Text);
            case TokenKind.Name when token.Text == "null": return new LiteralSyntax(token.Position, EngineType.Null, null);
            case TokenKind.Name when token.Text is "true" or "false":
                return new LiteralSyntax(token.Position, EngineType.Boolean, token.Text == "true" ? (sbyte)1 : (sbyte)0);
            case TokenKind.Name when token.Text == "new": return New(token.Position);
            case TokenKind.Name when QualifiedAt(_at - 1) is { } qualified:
                _at += QualifiedTokens - 1;
                return Static(qualified, token.Position);
            case TokenKind.Name when Is("("):
                IReadOnlyList<Syntax> arguments = Arguments();
                return CheckDepth(new CallSyntax(token.Position, null, token.Text, arguments), [.. arguments]);
            case TokenKind.Name: return new NameSyntax(token.Position, token.Text);
            case TokenKind.Symbol when token.Text == "(":
                Syntax inner = Expression();
                Expect(")");
                return inner;
            default:
                _at -= token.Kind == TokenKind.End ? 0 : 1;
                throw Unexpected();
        }
    }

    private Syntax New(int position)
    {
        Token name = Current;
        if (TakeTypeName() is not { } type)
            throw new FormulaError($"{name.Text} cannot be created with new", name.Position);

        if (Is("("))
        {
            IReadOnlyList<Syntax> arguments = Arguments();
            if (type.IsBig)
                return CheckDepth(new CallSyntax(position, null, $"new {type.ClassName}", arguments), [.. arguments]);
            if (arguments.Count != 1 || !(type.IsNumeric || type == EngineType.Boolean || type == EngineType.String))
                throw new FormulaError($"{name.Text} cannot be created with new", name.Position);
            return CheckDepth(new NewBoxSyntax(position, type, arguments[0]), arguments[0]);
        }

        Expect("[");
        if (!Is("]"))
        {
            Syntax size = Expression();
            Expect("]");
            if (Is("["))
                throw new FormulaError("an array of arrays needs an initializer in braces", Current.Position);
            return CheckDepth(new NewArraySyntax(position, ArrayOf(type, name.Text), size), size);
        }

        Expect("]");
        type = ArrayOf(type, name.Text);
        while (Is("["))
        {
            Take();
            Expect("]");
            type = type.ArrayOf();
        }

        return Elements(type);
    }

    /// <summary>The class name of an array depends on whether its elements are written as a primitive type or as a class.</summary>
    private static EngineType ArrayOf(EngineType element, string name) => (element.Kind, char.IsUpper(name[0])) switch
    {
        (EngineKind.Boolean, false) => new(EngineKind.Array, "boolean[]", element),
        (>= EngineKind.Byte and <= EngineKind.Double, true) => new(EngineKind.Array, $"java.lang.{name}[]", element),
        _ => element.ArrayOf(),
    };

    private Syntax Elements(EngineType type)
    {
        int position = Current.Position;
        Expect("{");
        var elements = new List<Syntax>();
        while (!Is("}"))
        {
            elements.Add(Is("{") && type.Component is { Component: not null } inner ? Nested(() => Elements(inner)) : Expression());
            if (!Is("}"))
                Expect(",");
        }

        Take();
        return CheckDepth(new ArrayElementsSyntax(position, type, elements), [.. elements]);
    }

    private List<Syntax> Arguments()
    {
        Expect("(");
        var arguments = new List<Syntax>();
        if (Is(")"))
        {
            Take();
            return arguments;
        }

        while (true)
        {
            arguments.Add(Expression());
            if (Is(")"))
            {
                Take();
                return arguments;
            }

            Expect(",");
        }
    }

    private Syntax CheckDepth(Syntax syntax, params ReadOnlySpan<Syntax> inner)
    {
        int depth = 0;
        foreach (Syntax child in inner)
            depth = Math.Max(depth, child.Depth);
        return depth + 1 > MaxDepth ? throw TooDeep() : syntax with { Depth = depth + 1 };
    }

    private bool Is(string symbol) => Current.Kind == TokenKind.Symbol && Current.Text == symbol;

    private Token Take()
    {
        Token token = Current;
        if (token.Kind != TokenKind.End)
            _at++;
        return token;
    }

    private void Expect(string symbol)
    {
        if (!Is(symbol))
            throw new FormulaError(
                Current.Kind == TokenKind.End
                ? $"'{symbol}' is expected, the formula ends"
                : $"'{symbol}' is expected, not {Describe(Current)}", Current.Position);
        Take();
    }

    private FormulaError Unexpected() =>
        new(Current.Kind == TokenKind.End ? "the formula ends too early" : $"{Describe(Current)} is unexpected here", Current.Position);

    private FormulaError TooDeep() => new("the formula is nested too deeply", Current.Position);

    private static string Describe(Token token) => token.Kind == TokenKind.Symbol ? $"'{token.Text}'" : token.Text;
}
