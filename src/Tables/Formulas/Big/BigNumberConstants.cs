using System.Numerics;
using Wharf.Tables.Formulas.Functions;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas.Big;

/// <summary>The constants of Java's classes of big numbers, by their qualified names.</summary>
internal static class BigNumberConstants
{
    private const string Package = "java.math.";

    /// <summary>All constants.</summary>
    public static Dictionary<string, Func<Node>> All => new (string Name, Func<Node> Make)[]
    {
        Decimal("ZERO", 0), Decimal("ONE", 1), Decimal("TEN", 10), Whole("ZERO", 0), Whole("ONE", 1), Whole("TWO", 2), Whole("TEN", 10),
    }
        .Concat(Enum.GetValues<Rounding>().Select(static mode => new RoundingMode(mode)).Select(static mode =>
            ($"{Package}RoundingMode.{mode}", FormulaConstants.Of<object?>(EngineType.RoundingMode, mode))))
        .ToDictionary(static constant => constant.Item1, static constant => constant.Item2, StringComparer.Ordinal);

    private static (string Name, Func<Node> Make) Decimal(string name, int value) =>
        ($"{Package}BigDecimal.{name}", FormulaConstants.Of<object?>(EngineType.BigDecimal, new BigDecimal(value, 0)));

    private static (string Name, Func<Node> Make) Whole(string name, int value) =>
        ($"{Package}BigInteger.{name}", FormulaConstants.Of<object?>(EngineType.BigInteger, new BigInteger(value)));
}
