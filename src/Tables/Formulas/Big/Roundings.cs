using System.Numerics;
using Wharf.Tables.Formulas.Nodes;

namespace Wharf.Tables.Formulas.Big;

/// <summary>The rounding modes of decimal numbers, with Java's values.</summary>
internal enum Rounding
{
    Up,
    Down,
    Ceiling,
    Floor,
    HalfUp,
    HalfDown,
    HalfEven,

    /// <summary>The result must be exact.</summary>
    Unnecessary,
}

/// <summary>A rounding mode as a value in a formula.</summary>
/// <param name="Mode">The mode.</param>
internal sealed record RoundingMode(Rounding Mode)
{
    /// <summary>Returns Java's name of the mode.</summary>
    public override string ToString() => Mode switch
    {
        Rounding.HalfUp => "HALF_UP",
        Rounding.HalfDown => "HALF_DOWN",
        Rounding.HalfEven => "HALF_EVEN",
        _ => Mode.ToString().ToUpperInvariant(),
    };
}

/// <summary>Divisions of big numbers.</summary>
internal static class Roundings
{
    // Powers of ten that a double represents exactly.
    private static readonly double[] Exact =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>Returns a power of ten from 0 to 22 as a double.</summary>
    public static double ExactPower(int exponent) => Exact[exponent];

    /// <summary>Finds a mode by its number.</summary>
    /// <exception cref="FormulaError">The mode does not exist.</exception>
    public static Rounding Mode(int number) =>
        Enum.IsDefined((Rounding)number) ? (Rounding)number : throw new FormulaError($"the rounding mode {number} does not exist");

    /// <summary>Returns the rounded quotient of whole numbers.</summary>
    /// <exception cref="FormulaError">The quotient is not exact and must not be rounded.</exception>
    public static BigInteger Divide(BigInteger dividend, BigInteger divisor, Rounding rounding)
    {
        (BigInteger quotient, BigInteger rest) = BigInteger.DivRem(dividend, divisor);
        if (rest.IsZero)
            return quotient;
        int sign = dividend.Sign * divisor.Sign;
        int half = (BigInteger.Abs(rest) * 2).CompareTo(BigInteger.Abs(divisor));
        bool isAway = rounding switch
        {
            Rounding.Up => true,
            Rounding.Down => false,
            Rounding.Ceiling => sign > 0,
            Rounding.Floor => sign < 0,
            Rounding.HalfUp => half >= 0,
            Rounding.HalfDown => half > 0,
            Rounding.HalfEven => half > 0 || (half == 0 && !quotient.IsEven),
            _ => throw new FormulaError("the result must be rounded; specify a rounding mode"),
        };
        return isAway ? quotient + sign : quotient;
    }
}
