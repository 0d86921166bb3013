using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Big;
using Wharf.Tables.Formulas.Functions.Vectors;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>The named constants of formulas.</summary>
internal static class FormulaConstants
{
    private static readonly Dictionary<string, Func<Node>> All = new(BigNumberConstants.All, StringComparer.Ordinal)
    {
        ["MICRO"] = Long(1_000), ["MILLI"] = Long(1_000_000), ["SECOND"] = Long(IsoTime.NanosPerSecond),
        ["MINUTE"] = Long(60 * IsoTime.NanosPerSecond),
        ["HOUR"] = Long(3600 * IsoTime.NanosPerSecond), ["DAY"] = Long(IsoTime.NanosPerDay), ["WEEK"] = Long(7 * IsoTime.NanosPerDay),
        ["YEAR_365"] = Long(365 * IsoTime.NanosPerDay), ["YEAR_AVG"] = Long(31_556_952 * IsoTime.NanosPerSecond),
        ["NULL_BOOLEAN"] = Of(EngineType.Boolean, Null<sbyte>.Value), ["NULL_BYTE"] = Of(EngineType.Byte, Null<sbyte>.Value),
        ["NULL_SHORT"] = Of(EngineType.Short, Null<short>.Value),
        ["NULL_CHAR"] = Of(EngineType.Char, Null<char>.Value), ["NULL_INT"] = Of(EngineType.Int, Null<int>.Value),
        ["NULL_LONG"] = Long(Null<long>.Value),
        ["NULL_FLOAT"] = Of(EngineType.Float, Null<float>.Value), ["NULL_DOUBLE"] = Of(EngineType.Double, Null<double>.Value),
        ["MIN_BYTE"] = Of(EngineType.Byte, (sbyte)-127), ["MAX_BYTE"] = Of(EngineType.Byte, sbyte.MaxValue),
        ["MIN_SHORT"] = Of(EngineType.Short, (short)-32767), ["MAX_SHORT"] = Of(EngineType.Short, short.MaxValue),
        ["MIN_CHAR"] = Of(EngineType.Char, '\0'), ["MAX_CHAR"] = Of(EngineType.Char, '\uFFFE'),
        ["MIN_INT"] = Of(EngineType.Int, -int.MaxValue), ["MAX_INT"] = Of(EngineType.Int, int.MaxValue),
        ["MIN_LONG"] = Long(-long.MaxValue), ["MAX_LONG"] = Long(long.MaxValue),
        ["MIN_FLOAT"] = Of(EngineType.Float, float.NegativeInfinity), ["MAX_FLOAT"] = Of(EngineType.Float, float.PositiveInfinity),
        ["MIN_DOUBLE"] = Of(EngineType.Double, double.NegativeInfinity), ["MAX_DOUBLE"] = Of(EngineType.Double, double.PositiveInfinity),
        ["NAN_FLOAT"] = Of(EngineType.Float, float.NaN), ["NAN_DOUBLE"] = Of(EngineType.Double, double.NaN),
        ["POS_INFINITY_FLOAT"] = Of(EngineType.Float, float.PositiveInfinity),
        ["NEG_INFINITY_FLOAT"] = Of(EngineType.Float, float.NegativeInfinity),
        ["POS_INFINITY_DOUBLE"] = Of(EngineType.Double, double.PositiveInfinity),
        ["NEG_INFINITY_DOUBLE"] = Of(EngineType.Double, double.NegativeInfinity),
        ["MIN_FINITE_FLOAT"] = Of(EngineType.Float, MathF.BitIncrement(float.MinValue)),
        ["MAX_FINITE_FLOAT"] = Of(EngineType.Float, float.MaxValue),
        ["MIN_FINITE_DOUBLE"] = Of(EngineType.Double, Math.BitIncrement(double.MinValue)),
        ["MAX_FINITE_DOUBLE"] = Of(EngineType.Double, double.MaxValue),
        ["MIN_POS_FLOAT"] = Of(EngineType.Float, float.Epsilon), ["MIN_POS_DOUBLE"] = Of(EngineType.Double, double.Epsilon),
        ["NULL_BYTE_BOXED"] = Of(EngineType.Byte, Null<sbyte>.Value), ["NULL_SHORT_BOXED"] = Of(EngineType.Short, Null<short>.Value),
        ["NULL_CHAR_BOXED"] = Of(EngineType.Char, Null<char>.Value),
        ["NULL_INT_BOXED"] = Of(EngineType.Int, Null<int>.Value), ["NULL_LONG_BOXED"] = Long(Null<long>.Value),
        ["NULL_FLOAT_BOXED"] = Of(EngineType.Float, Null<float>.Value),
        ["NULL_DOUBLE_BOXED"] = Of(EngineType.Double, Null<double>.Value),
        ["BS_ANY"] = Of<object?>(EngineType.SearchAlgorithm, BinarySearch.BS_ANY),
        ["BS_LOWEST"] = Of<object?>(EngineType.SearchAlgorithm, BinarySearch.BS_LOWEST),
        ["BS_HIGHEST"] = Of<object?>(EngineType.SearchAlgorithm, BinarySearch.BS_HIGHEST),
        ["SECONDS_PER_NANO"] = Of(EngineType.Double, 1.0 / IsoTime.NanosPerSecond),
        ["MINUTES_PER_NANO"] = Of(EngineType.Double, 1.0 / (60 * IsoTime.NanosPerSecond)),
        ["HOURS_PER_NANO"] = Of(EngineType.Double, 1.0 / (3600 * IsoTime.NanosPerSecond)),
        ["DAYS_PER_NANO"] = Of(EngineType.Double, 1.0 / IsoTime.NanosPerDay),
        ["YEARS_PER_NANO_365"] = Of(EngineType.Double, 1.0 / (365 * IsoTime.NanosPerDay)),
        ["YEARS_PER_NANO_AVG"] = Of(EngineType.Double, 1.0 / (31_556_952 * IsoTime.NanosPerSecond)),
        ["E"] = Of(EngineType.Double, Math.E), ["PI"] = Of(EngineType.Double, Math.PI),
    };

    /// <summary>All names.</summary>
    public static IReadOnlyCollection<string> Names => All.Keys;

    public static Node? Find(string name) => All.TryGetValue(name, out Func<Node>? make) ? make() : null;

    private static Func<Node> Long(long value) => Of(EngineType.Long, value);

    /// <summary>Returns a factory of a constant.</summary>
    public static Func<Node> Of<T>(EngineType type, T value) => () => new ConstantNode<T>(type, value);
}
