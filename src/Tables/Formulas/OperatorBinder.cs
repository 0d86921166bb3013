using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Big;
using Wharf.Tables.Formulas.Functions;
using Wharf.Tables.Formulas.Functions.Vectors;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas;

/// <summary>Selects the operation of an operator by the types of its operands.</summary>
internal static class OperatorBinder
{
    private static readonly Dictionary<string, Comparison> Comparisons = new(StringComparer.Ordinal)
    {
        ["=="] = Comparison.Equal, ["!="] = Comparison.NotEqual, ["<"] = Comparison.Less, ["<="] = Comparison.LessOrEqual,
        [">"] = Comparison.Greater, [">="] = Comparison.GreaterOrEqual,
    };

    public static Node Bind(string symbol, Node left, Node right, int position)
    {
        if (Elementwise.Bind(symbol, left, right, position) is { } elementwise)
            return elementwise;
        Node? bound = symbol switch
        {
            "&&" or "||" => Logic(symbol == "&&", left, right, position),
            _ when Comparisons.TryGetValue(symbol, out Comparison comparison) => Compare(comparison, left, right),
            "&" or "|" or "^" => Bits(symbol, left, right),
            "+" when left.Type.Kind == EngineKind.String || right.Type.Kind == EngineKind.String =>
                new ConcatNode(Conversions.ToText(left), Conversions.ToText(right)),
            _ when left.Type.IsNumeric && right.Type.IsNumeric => Arithmetic(symbol, left, right, position),
            _ when BigOperators.Accepts(left.Type, right.Type) => BigOperators.Arithmetic(symbol, left, right, position),
            _ => TimeArithmetic(symbol, left, right, position),
        };
        return bound?.Fold()
            ?? throw new FormulaError($"{symbol} is not defined for {Describe(left.Type)} and {Describe(right.Type)}", position);
    }

    /// <summary>Returns the negation of a number.</summary>
    public static Node Negate(Node operand, int position)
    {
        return operand switch
        {
            Node<int> number => new ArithmeticNode<int, Subtract<int>>(EngineType.Int, new ConstantNode<int>(EngineType.Int, 0), number)
                .Fold(),
            Node<long> { Type.Kind: EngineKind.Long } number =>
                new ArithmeticNode<long, Subtract<long>>(EngineType.Long, new ConstantNode<long>(EngineType.Long, 0), number).Fold(),
            Node<float> number => new ArithmeticNode<float, Multiply<float>>(
                EngineType.Float, new ConstantNode<float>(EngineType.Float, -1), number).Fold(),
            Node<double> number => new ArithmeticNode<double, Multiply<double>>(
                EngineType.Double, new ConstantNode<double>(EngineType.Double, -1), number).Fold(),
            { Type.IsBig: true } => BigOperators.Negate(operand, position),
            _ => throw new FormulaError($"- is not defined for {operand.Type.ClassName}", position),
        };
    }

    public static Node IsNull(Node operand, bool whenNull) => operand.Type.Dispatch(new NullTest(operand, whenNull)).Fold();

    private readonly struct NullTest(Node operand, bool whenNull) : IClrDispatch<Node>
    {
        public Node Invoke<T>() => new IsNullNode<T>(whenNull, (Node<T>)operand);
    }

    private static LogicNode? Logic(bool isAnd, Node left, Node right, int position) =>
        left is Node<sbyte> { Type.Kind: EngineKind.Boolean } a && right is Node<sbyte> { Type.Kind: EngineKind.Boolean } b
            ? new LogicNode(isAnd, a, b, position)
            : null;

    private static Node? Arithmetic(string symbol, Node left, Node right, int position)
    {
        var wider = (EngineKind)Math.Max((int)left.Type.Kind, (int)right.Type.Kind);

        // As in the reference server: a float divided by an integer is a double, an integer divided by a float is a float.
        EngineKind kind = symbol == "/" && (wider < EngineKind.Float || (left.Type.Kind == EngineKind.Float && right.Type.IsIntegral))
            ? EngineKind.Double
            : wider;
        switch (kind)
        {
            case EngineKind.Double:
                return Floating(
                    symbol, EngineType.Double, (Node<double>)Conversions.Widen(left, EngineType.Double)!,
                    (Node<double>)Conversions.Widen(right, EngineType.Double)!);
            case EngineKind.Float:
                return Floating(
                    symbol, EngineType.Float, (Node<float>)Conversions.Widen(left, EngineType.Float)!,
                    (Node<float>)Conversions.Widen(right, EngineType.Float)!);
            case EngineKind.Long:
                return BindInteger(
                    symbol, EngineType.Long, (Node<long>)Conversions.Widen(left, EngineType.Long)!,
                    (Node<long>)Conversions.Widen(right, EngineType.Long)!, position);
            default:
                return BindInteger(
                    symbol, EngineType.Int, (Node<int>)Conversions.Widen(left, EngineType.Int)!,
                    (Node<int>)Conversions.Widen(right, EngineType.Int)!, position);
        }
    }

    private static Node? Floating<T>(string symbol, EngineType type, Node<T> left, Node<T> right)
        where T : unmanaged, System.Numerics.IFloatingPoint<T> => symbol switch
    {
        "+" => new ArithmeticNode<T, Add<T>>(type, left, right),
        "-" => new ArithmeticNode<T, Subtract<T>>(type, left, right),
        "*" => new ArithmeticNode<T, Multiply<T>>(type, left, right),
        "/" => new ArithmeticNode<T, Divide<T>>(type, left, right),
        "%" => new ArithmeticNode<T, Remainder<T>>(type, left, right),
        _ => null,
    };

    private static Node? BindInteger<T>(string symbol, EngineType type, Node<T> left, Node<T> right, int position)
        where T : unmanaged, System.Numerics.IBinaryInteger<T> => symbol switch
    {
        "+" => new ArithmeticNode<T, Add<T>>(type, left, right),
        "-" => new ArithmeticNode<T, Subtract<T>>(type, left, right),
        "*" => new ArithmeticNode<T, Multiply<T>>(type, left, right),
        "%" => new IntegerRemainderNode<T>(type, left, right, position),
        "&" => new ArithmeticNode<T, BitAnd<T>>(type, left, right),
        "|" => new ArithmeticNode<T, BitOr<T>>(type, left, right),
        "^" => new ArithmeticNode<T, BitXor<T>>(type, left, right),
        _ => null,
    };

    private static Node? Bits(string symbol, Node left, Node right)
    {
        if (left is Node<sbyte> { Type.Kind: EngineKind.Boolean } a && right is Node<sbyte> { Type.Kind: EngineKind.Boolean } b)
            return BindInteger(symbol, EngineType.Boolean, a, b, -1);
        return left.Type.IsIntegral && right.Type.IsIntegral ? Arithmetic(symbol, left, right, -1) : null;
    }

    private static Node? Compare(Comparison comparison, Node left, Node right)
    {
        bool isEquality = comparison is Comparison.Equal or Comparison.NotEqual;
        if (left.Type.Kind == EngineKind.Null || right.Type.Kind == EngineKind.Null)
            return CompareWithNull(comparison, left, right);
        if (left.Type.IsNumeric && right.Type.IsNumeric)
            return CompareNumbers(comparison, left, right);
        if (BigOperators.Accepts(left.Type, right.Type))
            return BigOperators.Compare(comparison, left, right);
        if (left is Node<string?> a && right is Node<string?> b)
            return new TextComparisonNode(comparison, a, b);
        if (left.Type.Kind == right.Type.Kind && left is Node<sbyte> or Node<long>)
            return left is Node<sbyte> truth
                ? BindInteger(comparison, truth, (Node<sbyte>)right)
                : BindInteger(comparison, (Node<long>)left, (Node<long>)right);
        if (left is Node<object?> x && right is Node<object?> y && left.Type == right.Type && isEquality && !left.Type.IsArray)
        {
            var call = new Call("==", -1, NullRule.Pass, CanFail: false, IsPure: true);
            bool wanted = comparison == Comparison.Equal;
            return new CallNode<object?, object?, sbyte>(
                EngineType.Boolean, call, x, y, (p, q) => Equals(p, q) == wanted ? (sbyte)1 : (sbyte)0);
        }

        if (left.Type.IsArray || right.Type.IsArray)
            return null;
        if (left.Type == right.Type && left.Type.Kind is EngineKind.ZonedDateTime or EngineKind.LocalDateTime or EngineKind.DayOfWeek)
            return new ObjectComparisonNode(comparison, (Node<object?>)left, (Node<object?>)right);
        return isEquality ? DifferentTypes(comparison == Comparison.Equal, left, right) : null;
    }

    private static Node? CompareWithNull(Comparison comparison, Node left, Node right)
    {
        Node other = left.Type.Kind == EngineKind.Null ? right : left;
        if (comparison is Comparison.Equal or Comparison.NotEqual)
            return IsNull(other, whenNull: comparison == Comparison.Equal);
        if (!other.Type.IsReference || other.Type.Kind == EngineKind.Null || other.Type.IsBig)
            return null;
        Node? a = Conversions.Widen(left, other.Type), b = Conversions.Widen(right, other.Type);
        return a is null || b is null ? null : Compare(comparison, a, b);
    }

    private static Node CompareNumbers(Comparison comparison, Node left, Node right)
    {
        var wider = (EngineKind)Math.Max((int)left.Type.Kind, (int)right.Type.Kind);

        if (wider >= EngineKind.Float && (left.Type.Kind == EngineKind.Long || right.Type.Kind == EngineKind.Long)
            && comparison is not (Comparison.Equal or Comparison.NotEqual))
            return Exact(comparison, left, right);
        if (wider == EngineKind.Double)
            return Floating(
                comparison, (Node<double>)Conversions.Widen(left, EngineType.Double)!,
                (Node<double>)Conversions.Widen(right, EngineType.Double)!);
        if (wider == EngineKind.Float)
            return Floating(
                comparison, (Node<float>)Conversions.Widen(left, EngineType.Float)!,
                (Node<float>)Conversions.Widen(right, EngineType.Float)!);
        if (wider == EngineKind.Long)
            return BindInteger(
                comparison, (Node<long>)Conversions.Widen(left, EngineType.Long)!, (Node<long>)Conversions.Widen(right, EngineType.Long)!);
        return BindInteger(
            comparison, (Node<int>)Conversions.Widen(left, EngineType.Int)!, (Node<int>)Conversions.Widen(right, EngineType.Int)!);
    }

    private static Node BindInteger<T>(Comparison comparison, Node<T> left, Node<T> right)
        where T : System.Numerics.IBinaryInteger<T> => comparison switch
    {
        Comparison.Equal => new ComparisonNode<T, NumberEqual<T>>(left, right),
        Comparison.NotEqual => new ComparisonNode<T, NumberNotEqual<T>>(left, right),
        Comparison.Less => new ComparisonNode<T, IntegerLess<T>>(left, right),
        Comparison.LessOrEqual => new ComparisonNode<T, IntegerLessOrEqual<T>>(left, right),
        Comparison.Greater => new ComparisonNode<T, IntegerLess<T>>(right, left),
        _ => new ComparisonNode<T, IntegerLessOrEqual<T>>(right, left),
    };

    private static Node Floating<T>(Comparison comparison, Node<T> left, Node<T> right)
        where T : System.Numerics.IFloatingPoint<T> => comparison switch
    {
        Comparison.Equal => new ComparisonNode<T, NumberEqual<T>>(left, right),
        Comparison.NotEqual => new ComparisonNode<T, NumberNotEqual<T>>(left, right),
        Comparison.Less => new ComparisonNode<T, SignedLess<T>>(left, right),
        Comparison.LessOrEqual => new ComparisonNode<T, SignedLessOrEqual<T>>(left, right),
        Comparison.Greater => new ComparisonNode<T, SignedLess<T>>(right, left),
        _ => new ComparisonNode<T, SignedLessOrEqual<T>>(right, left),
    };

    /// <summary>Orders a long and a floating-point number without converting the long, which could round it.</summary>
    private static LongComparisonNode Exact(Comparison comparison, Node left, Node right)
    {
        if (left.Type.Kind != EngineKind.Long)
        {
            (left, right) = (right, left);
            comparison = comparison switch
            {
                Comparison.Less => Comparison.Greater,
                Comparison.LessOrEqual => Comparison.GreaterOrEqual,
                Comparison.Greater => Comparison.Less,
                _ => Comparison.LessOrEqual,
            };
        }

        return new LongComparisonNode(comparison, (Node<long>)left, (Node<double>)Conversions.Widen(right, EngineType.Double)!);
    }

    /// <summary>Compares numbers in the order of conditions on one column, in which both zeros are equal.</summary>
    /// <param name="symbol">The comparison operator.</param>
    /// <param name="left">The left side.</param>
    /// <param name="right">The right side.</param>
    public static Node Unsigned<T>(string symbol, Node<T> left, Node<T> right)
        where T : System.Numerics.IFloatingPoint<T> => Comparisons[symbol] switch
    {
        Comparison.Less => new ComparisonNode<T, FloatingLess<T>>(left, right).Fold(),
        Comparison.LessOrEqual => new ComparisonNode<T, FloatingLessOrEqual<T>>(left, right).Fold(),
        Comparison.Greater => new ComparisonNode<T, FloatingLess<T>>(right, left).Fold(),
        Comparison.GreaterOrEqual => new ComparisonNode<T, FloatingLessOrEqual<T>>(right, left).Fold(),
        var equality => Floating(equality, left, right).Fold(),
    };

    /// <summary>Compares values of unrelated types, which are equal only if both are null.</summary>
    public static Node DifferentTypes(bool isEqual, Node left, Node right) => left.Type.Dispatch(new Unrelated(isEqual, left, right));

    private readonly struct Unrelated(bool isEqual, Node left, Node right) : IClrDispatch<Node>
    {
        public Node Invoke<T>() =>
            left.Type.Kind == EngineKind.Object ? right.Type.Dispatch(new OfAnyType(isEqual, (Node<object?>)left, right))
            : right.Type.Kind == EngineKind.Object ? left.Type.Dispatch(new OfAnyType(isEqual, (Node<object?>)right, left))
            : right.Type.Dispatch(new AndRight<T>(isEqual, (Node<T>)left, right));
    }

    private readonly struct AndRight<TLeft>(bool isEqual, Node<TLeft> left, Node right) : IClrDispatch<Node>
    {
        public Node Invoke<T>() =>
            new UnrelatedComparisonNode<TLeft, T>(isEqual, left, (Node<T>)right, left.Type.IsReference == right.Type.IsReference);
    }

    /// <summary>Compares a value of any type with a value of one type. Equal values have the same type.</summary>
    private readonly struct OfAnyType(bool isEqual, Node<object?> any, Node other) : IClrDispatch<Node>
    {
        public Node Invoke<T>()
        {
            (EngineType type, bool wanted) = (other.Type, isEqual);
            var call = new Call("==", -1, NullRule.Pass, CanFail: false, IsPure: true);
            return new CallNode<object?, T, sbyte>(EngineType.Boolean, call, any, (Node<T>)other, (value, wantedValue) =>
            {
                bool isNull = VectorCall.IsNull(wantedValue);
                bool same = value switch
                {
                    null => isNull && type.IsReference,
                    StoredObject stored => !isNull && stored.Type == type && Equals(stored.Value, wantedValue),
                    _ => !isNull && Equals(value, wantedValue),
                };
                return same == wanted ? (sbyte)1 : (sbyte)0;
            });
        }
    }

    private static Node? TimeArithmetic(string symbol, Node left, Node right, int position)
    {
        // The operands of a product can be in either order.
        if (symbol == "*" && left.Type.IsNumeric)
            (left, right) = (right, left);
        if (symbol == "-" && left.Type.Kind == EngineKind.Null && right.Type.Kind == EngineKind.Instant)
            left = Conversions.Widen(left, right.Type)!;
        if (symbol is "+" or "-" && right.Type.Kind == EngineKind.Null && left.Type.Kind is EngineKind.LocalDate or EngineKind.Duration)
            return Conversions.Widen(right, left.Type);
        EngineType amount = right.Type.IsIntegral ? EngineType.Long : right.Type;
        EngineType? sum = (left.Type.Kind, symbol, amount.Kind) switch
        {
            (EngineKind.Instant, "+" or "-", EngineKind.Long or EngineKind.Duration) => EngineType.Instant,
            (EngineKind.Instant, "-", EngineKind.Instant) => EngineType.Long,
            (EngineKind.Duration, "+" or "-", EngineKind.Duration) => EngineType.Duration,
            _ => null,
        };
        if ((left.Type.Kind, symbol, amount.Kind) is (EngineKind.Duration, "/" or "*", EngineKind.Long))
        {
            var call = new Call(symbol, position, NullRule.Propagate, CanFail: true, IsPure: true);
            return new CallNode<long, long, long>(
                EngineType.Duration, call, (Node<long>)left, (Node<long>)Conversions.Widen(right, amount)!, symbol == "*"
                ? static (span, times) => checked(span * times)
                : static (span, parts) => parts == 0 ? throw new FormulaError("a duration cannot be divided by zero") : span / parts);
        }

        if (sum is not null)
            return BindInteger(symbol, sum, (Node<long>)left, (Node<long>)Conversions.Widen(right, amount)!, position);

        string? name = (left.Type.Kind, symbol, right.Type.Kind) switch
        {
            (EngineKind.LocalDate, "+", EngineKind.Period) => ".plus",
            (EngineKind.LocalDate, "-", EngineKind.Period) => ".minus",
            (EngineKind.Instant, "+", EngineKind.Period) => "plus",
            (EngineKind.Instant, "-", EngineKind.Period) => "minus",
            (EngineKind.LocalDateTime, "+", EngineKind.Period) or (EngineKind.ZonedDateTime, "+",
                EngineKind.Period or >= EngineKind.Byte and <= EngineKind.Long or EngineKind.Duration) => "plus",
            (EngineKind.LocalDateTime, "-", EngineKind.Period) => "minus",
            (EngineKind.ZonedDateTime, "-",
                EngineKind.Period or >= EngineKind.Byte and <= EngineKind.Long or EngineKind.Duration or EngineKind.ZonedDateTime) =>
                "minus",
            (EngineKind.Period, "*", >= EngineKind.Byte and <= EngineKind.Long) => "*",
            _ => null,
        };
        if (name == "*")
            amount = EngineType.Int;
        if (name is null || Conversions.Widen(right, amount) is not { } second
            || FunctionLibrary.Find(name, [left.Type, amount]) is not { } function)
            return null;
        return (function with { Nulls = NullRule.Propagate }).Bind([left, second], null!, position);
    }

    private static string Describe(EngineType type) => type.Kind == EngineKind.Null ? "null" : type.ClassName;
}
