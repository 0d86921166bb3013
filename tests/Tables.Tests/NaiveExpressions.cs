using System.Globalization;
using System.Numerics;
using CsCheck;

namespace Wharf.Tables.Tests;

/// <summary>The types that random expressions have, in the order of their width.</summary>
internal enum Naive
{
    Byte,
    Short,
    Int,
    Long,
    Float,
    Double,
    Truth,
    Text,
}

/// <summary>A random expression together with its meaning, row by row and without any of the engine's code; null is null.</summary>
/// <param name="Text">How it is written.</param>
/// <param name="Type">Its type.</param>
/// <param name="At">Its value in a row.</param>
internal sealed record NaiveExpression(string Text, Naive Type, Func<int, object?> At)
{
    public bool IsNumber => Type <= Naive.Double;

    /// <summary>The value of a row as a test writes it.</summary>
    public string Shown(int row) => At(row) switch
    {
        null => "null",
        true => "true",
        false => "false",
        double number => double.IsNaN(number) ? "NaN" : number.ToString("R", CultureInfo.InvariantCulture),
        float number => float.IsNaN(number) ? "NaN" : number.ToString("R", CultureInfo.InvariantCulture),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

/// <summary>Makes random expressions over the columns of <see cref="NaiveTable"/>.</summary>
internal sealed class NaiveExpressions(NaiveTable table)
{
    private static readonly string[] Arithmetic = ["+", "-", "*", "/"];
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    public Gen<NaiveExpression> Any(int depth) => Gen.OneOf(Number(depth), Truth(depth), Text(depth));

    public Gen<NaiveExpression> Truth(int depth)
    {
        if (depth == 0)
            return Gen.Bool.Select(static value => new NaiveExpression(value ? "true" : "false", Naive.Truth, _ => value));
        Gen<NaiveExpression> inner = Truth(depth - 1);
        return Gen.OneOf(
            Gen.Select(Number(depth - 1), OneOf(Comparisons), Number(depth - 1)).Select(static (a, symbol, b) => Compare(a, symbol, b, CompareNumbers, EqualNumbers)),
            Gen.Select(Text(depth - 1), OneOf(Comparisons), Text(depth - 1)).Select(static (a, symbol, b) => Compare(a, symbol, b, static (x, y) => CompareTexts((string?)x, (string?)y), Equals)),
            Gen.Select(inner, Gen.Bool, inner).Select(static (a, isAnd, b) => new NaiveExpression(
                $"({a.Text} {(isAnd ? "&&" : "||")} {b.Text})", Naive.Truth, row => isAnd ? (bool)a.At(row)! && (bool)b.At(row)! : (bool)a.At(row)! || (bool)b.At(row)!)),
            inner.Select(static a => new NaiveExpression($"!{a.Text}", Naive.Truth, row => !(bool)a.At(row)!)),
            Gen.OneOf(Number(depth - 1), Text(depth - 1)).Select(static a => new NaiveExpression($"isNull({a.Text})", Naive.Truth, row => a.At(row) is null)));
    }

    private Gen<NaiveExpression> Text(int depth)
    {
        Gen<NaiveExpression> leaf = Gen.OneOf(Gen.Const(table.Column("S")), OneOf(["", "a", "xyz"]).Select(static text => new NaiveExpression($"`{text}`", Naive.Text, _ => text)));
        if (depth == 0)
            return leaf;
        return Gen.OneOf(
            leaf,
            Gen.Select(Text(depth - 1), Whole(depth - 1)).Select(static (a, b) => new NaiveExpression($"({a.Text} + {b.Text})", Naive.Text, row => (a.Shown(row)) + b.Shown(row))),
            Gen.Select(Truth(depth - 1), Text(depth - 1), Text(depth - 1)).Select(static (c, a, b) => new NaiveExpression($"({c.Text} ? {a.Text} : {b.Text})", Naive.Text, row => (bool)c.At(row)! ? a.At(row) : b.At(row))));
    }

    private Gen<NaiveExpression> Whole(int depth) => Number(depth).Where(static number => number.Type <= Naive.Long);

    private Gen<NaiveExpression> Number(int depth)
    {
        Gen<NaiveExpression> leaf = Gen.OneOf(
            OneOf(["B", "H", "I", "L", "F", "D"]).Select(table.Column),
            Gen.Const(new NaiveExpression("i", Naive.Int, static row => row)),
            Gen.Const(new NaiveExpression("ii", Naive.Long, static row => (long)row)),
            Gen.Int[-3, 100].Select(static value => new NaiveExpression($"({value})", Naive.Int, _ => value)),
            Gen.Int[0, 40].Select(static value => new NaiveExpression($"{value}L", Naive.Long, _ => (long)value)),
            Gen.Int[0, 20].Select(static value => new NaiveExpression(string.Create(CultureInfo.InvariantCulture, $"{value / 4.0:F2}"), Naive.Double, _ => value / 4.0)),
            Gen.Int[0, 20].Select(static value => new NaiveExpression(string.Create(CultureInfo.InvariantCulture, $"{value / 2f:F1}f"), Naive.Float, _ => value / 2f)));
        if (depth == 0)
            return leaf;
        Gen<NaiveExpression> inner = Number(depth - 1);
        return Gen.OneOf(
            leaf,
            Gen.Select(inner, OneOf(Arithmetic), inner).Select(static (a, symbol, b) => Calculate(a, symbol, b)),
            Gen.Select(inner, Gen.Int[1, 9]).Select(static (a, divisor) => Calculate(a, "%", new NaiveExpression($"{divisor}", Naive.Int, _ => divisor))),
            Gen.Select(Truth(depth - 1), inner, inner).Where(static (_, a, b) => a.Type == b.Type || (Naive)Math.Max((int)a.Type, (int)b.Type) >= Naive.Int).Select(static (c, a, b) => Choose(c, a, b)),
            Gen.Select(OneOf(["byte", "short", "int", "long", "float", "double"]), inner).Select(static (name, a) => Cast(name, a)),
            inner.Where(static a => a.Type >= Naive.Int).Select(static a => new NaiveExpression($"abs({a.Text})", a.Type, row => a.At(row) switch
            {
                int value => Math.Abs(value),
                long value => Math.Abs(value),
                float value => Math.Abs(value),
                double value => Math.Abs(value),
                _ => null,
            })));
    }

    private static Gen<string> OneOf(string[] texts) => Gen.Int[0, texts.Length - 1].Select(n => texts[n]);

    private static NaiveExpression Calculate(NaiveExpression a, string symbol, NaiveExpression b)
    {
        var wider = (Naive)Math.Max(Math.Max((int)a.Type, (int)b.Type), (int)Naive.Int);
        bool toDouble = symbol == "/" && (wider < Naive.Float || (a.Type == Naive.Float && b.Type < Naive.Float));
        Naive type = toDouble ? Naive.Double : wider;
        return new NaiveExpression($"({a.Text} {symbol} {b.Text})", type, row =>
            a.At(row) is not { } x || b.At(row) is not { } y ? null : WithoutReserved(Calculate(Convert(x, type), symbol, Convert(y, type))));
    }

    private static object Calculate(object x, string symbol, object y) => unchecked((x, symbol, y) switch
    {
        (int a, "+", int b) => a + b,
        (int a, "-", int b) => a - b,
        (int a, "*", int b) => a * b,
        (int a, "%", int b) => a % b,
        (long a, "+", long b) => a + b,
        (long a, "-", long b) => a - b,
        (long a, "*", long b) => a * b,
        (long a, "%", long b) => a % b,
        (float a, "+", float b) => a + b,
        (float a, "-", float b) => a - b,
        (float a, "*", float b) => a * b,
        (float a, "/", float b) => a / b,
        (float a, "%", float b) => a % b,
        (double a, "+", double b) => a + b,
        (double a, "-", double b) => a - b,
        (double a, "*", double b) => a * b,
        (double a, "/", double b) => a / b,
        (double a, "%", double b) => (object)(a % b),
        _ => throw new InvalidOperationException(symbol),
    });

    private static NaiveExpression Choose(NaiveExpression condition, NaiveExpression a, NaiveExpression b)
    {
        var type = (Naive)Math.Max((int)a.Type, (int)b.Type);
        return new NaiveExpression($"({condition.Text} ? {a.Text} : {b.Text})", type, row => (bool)condition.At(row)! ? Widen(a, row) : Widen(b, row));

        // A narrower branch is widened with its bits: its null is the value that stands for it.
        object? Widen(NaiveExpression branch, int row) => branch.Type == type ? branch.At(row) : Convert(branch.At(row) ?? Reserved(branch.Type), type);
    }

    private static NaiveExpression Cast(string name, NaiveExpression a)
    {
        Naive type = Enum.Parse<Naive>(name, ignoreCase: true);
        return new NaiveExpression($"({name})({a.Text})", type, row => a.At(row) is not { } value ? null : WithoutReserved(Convert(value, type)));
    }

    private static NaiveExpression Compare(NaiveExpression a, string symbol, NaiveExpression b, Func<object?, object?, int?> compare, Func<object?, object?, bool> areEqual) => new(
        $"({a.Text} {symbol} {b.Text})",
        Naive.Truth,
        row => (compare(a.At(row), b.At(row)), symbol) switch
        {
            (_, "==") => areEqual(a.At(row), b.At(row)),
            (_, "!=") => !areEqual(a.At(row), b.At(row)),
            (null, _) => false,
            (var order, "<") => order < 0,
            (var order, "<=") => order <= 0,
            (var order, ">") => order > 0,
            (var order, _) => (object)(order >= 0),
        });

    /// <summary>Null is the smallest; NaN has no order; -0.0 comes before 0.0, but not where a long is compared, which nothing rounds.</summary>
    private static int? CompareNumbers(object? x, object? y)
    {
        if (x is double.NaN or float.NaN || y is double.NaN or float.NaN)
            return null;
        if (x is null || y is null)
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        if (y is long && x is float or double)
            return -CompareNumbers(y, x);
        if (x is long number && y is float or double)
            return CompareExactly(number, (double)Convert(y, Naive.Double));
        return WidestOf(x, y) switch
        {
            Naive.Double => ((double)Convert(x, Naive.Double), (double)Convert(y, Naive.Double)) is var (p, q) && p == q ? double.IsNegative(q).CompareTo(double.IsNegative(p)) : p.CompareTo(q),
            Naive.Float => ((float)Convert(x, Naive.Float), (float)Convert(y, Naive.Float)) is var (p, q) && p == q ? float.IsNegative(q).CompareTo(float.IsNegative(p)) : p.CompareTo(q),
            _ => ((long)Convert(x, Naive.Long)).CompareTo((long)Convert(y, Naive.Long)),
        };
    }

    private static int CompareExactly(long x, double y)
    {
        if (double.IsInfinity(y))
            return y < 0 ? 1 : -1;
        int order = new BigInteger(x).CompareTo(new BigInteger(Math.Floor(y)));
        return order == 0 && y > Math.Floor(y) ? -1 : order;
    }

    private static bool EqualNumbers(object? x, object? y)
    {
        if (x is null || y is null)
            return x is null && y is null;
        return WidestOf(x, y) switch
        {
            Naive.Double => (double)Convert(x, Naive.Double) == (double)Convert(y, Naive.Double),
            Naive.Float => (float)Convert(x, Naive.Float) == (float)Convert(y, Naive.Float),
            _ => (long)Convert(x, Naive.Long) == (long)Convert(y, Naive.Long),
        };
    }

    private static Naive WidestOf(object x, object y) => x is double || y is double ? Naive.Double : x is float || y is float ? Naive.Float : Naive.Long;

    private static int? CompareTexts(string? x, string? y) => string.CompareOrdinal(x, y);

    /// <summary>Java's casts: towards zero, saturating, the small types through int.</summary>
    private static object Convert(object value, Naive type)
    {
        if (value is float or double)
        {
            double number = System.Convert.ToDouble(value, CultureInfo.InvariantCulture);
            if (type == Naive.Double)
                return number;
            if (type == Naive.Float)
                return (float)number;
            bool isLong = type == Naive.Long;
            double lowest = isLong ? long.MinValue : int.MinValue, highest = isLong ? long.MaxValue : int.MaxValue;
            long whole = double.IsNaN(number) ? 0 : number >= highest ? (isLong ? long.MaxValue : int.MaxValue) : number <= lowest ? (isLong ? long.MinValue : int.MinValue) : (long)number;
            return Convert(whole, type);
        }

        long bits = System.Convert.ToInt64(value, CultureInfo.InvariantCulture);
        return unchecked(type switch
        {
            Naive.Byte => (sbyte)bits,
            Naive.Short => (short)bits,
            Naive.Int => (int)bits,
            Naive.Long => bits,
            Naive.Float => (float)bits,
            _ => (object)(double)bits,
        });
    }

    private static object Reserved(Naive type) => type switch
    {
        Naive.Byte => sbyte.MinValue,
        Naive.Short => short.MinValue,
        Naive.Int => int.MinValue,
        Naive.Long => long.MinValue,
        Naive.Float => float.MinValue,
        _ => (object)double.MinValue,
    };

    /// <summary>A result that happens to be the value that stands for null is null.</summary>
    private static object? WithoutReserved(object value) => value.Equals(value switch
    {
        sbyte => Reserved(Naive.Byte),
        short => Reserved(Naive.Short),
        int => Reserved(Naive.Int),
        long => Reserved(Naive.Long),
        float => Reserved(Naive.Float),
        _ => Reserved(Naive.Double),
    }) ? null : value;
}
