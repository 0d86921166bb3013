namespace Wharf.Tables.Formulas.Functions;

/// <summary>The documentation of the methods and constructors of big numbers.</summary>
internal static class BigNumberDocs
{
    private const string Decimal = "new java.math.BigDecimal(`-12.50`)", Whole = "new java.math.BigInteger(`20`)";

    public static readonly IReadOnlyDictionary<string, FunctionDoc> Functions = new Dictionary<string, FunctionDoc>(
        LibraryDocs.Functions, StringComparer.Ordinal)
    {
        ["new java.math.BigDecimal"] = new(
            "A decimal from its digits, from a number, or from a big integer and a scale; the exact value of a double",
            $"`` + {Decimal}"),
        ["new java.math.BigInteger"] = new(
            "A big integer from its digits, in base 10 or another", "`` + new java.math.BigInteger(`ff`, 16)"),
        ["java.math.BigDecimal.valueOf"] = new(
            "A decimal from a number, or from an integer and a scale; a double is converted by the digits of its text",
            "`` + java.math.BigDecimal.valueOf(150, 2)"),
        ["java.math.BigInteger.valueOf"] = new("A big integer from an integer", "`` + java.math.BigInteger.valueOf(5)"),
        [".abs"] = new("The absolute value of a big number", $"`` + {Decimal}.abs()"),
        [".add"] = new("The sum of two big numbers of one type", $"`` + {Decimal}.add(java.math.BigDecimal.ONE)"),
        [".and"] = new("The bitwise operation on big integers", $"`` + {Whole}.and(java.math.BigInteger.TEN)"),
        [".andNot"] = new("The bits of a big integer that another does not have", $"`` + {Whole}.andNot(java.math.BigInteger.TEN)"),
        [".bitCount"] = new("The number of bits of a big integer that differ from its sign bit", $"{Whole}.bitCount()"),
        [".bitLength"] = new("The number of bits of a big integer without its sign", $"{Whole}.bitLength()"),
        [".byteValue"] = new("The lowest eight bits of a big number", $"{Whole}.byteValue()"),
        [".byteValueExact"] = new("A big number as a byte; an error if it does not fit", $"{Whole}.byteValueExact()"),
        [".clearBit"] = new("A big integer without a bit", $"`` + {Whole}.clearBit(2)"),
        [".divide"] = new(
            "The quotient of two big numbers; for decimals exact, with a rounding mode, or with a scale and a rounding mode",
            $"`` + {Decimal}.divide(java.math.BigDecimal.TEN, 1, java.math.RoundingMode.HALF_UP)"),
        [".divideAndRemainder"] = new(
            "An array of the whole quotient and the remainder of two big numbers",
            $"`` + {Whole}.divideAndRemainder(java.math.BigInteger.TEN)[0]"),
        [".divideToIntegralValue"] = new(
            "The whole part of the quotient of two decimals", $"`` + {Decimal}.divideToIntegralValue(java.math.BigDecimal.TEN)"),
        [".doubleValue"] = new("The nearest double of a big number", $"{Decimal}.doubleValue()"),
        [".flipBit"] = new("A big integer with a bit inverted", $"`` + {Whole}.flipBit(0)"),
        [".floatValue"] = new("The nearest float of a big number", $"{Decimal}.floatValue()"),
        [".gcd"] = new("The greatest common divisor of two big integers", $"`` + {Whole}.gcd(java.math.BigInteger.TEN)"),
        [".getLowestSetBit"] = new("The position of the lowest bit of a big integer; -1 for zero", $"{Whole}.getLowestSetBit()"),
        [".intValue"] = new("The lowest 32 bits of the whole part of a big number", $"{Decimal}.intValue()"),
        [".intValueExact"] = new("A big number as an int; an error if it does not fit", $"{Whole}.intValueExact()"),
        [".longValue"] = new("The lowest 64 bits of the whole part of a big number", $"{Decimal}.longValue()"),
        [".longValueExact"] = new("A big number as a long; an error if it does not fit", $"{Whole}.longValueExact()"),
        [".max"] = new("The larger of two big numbers of one type", $"`` + {Decimal}.max(java.math.BigDecimal.ONE)"),
        [".min"] = new("The smaller of two big numbers of one type", $"`` + {Decimal}.min(java.math.BigDecimal.ONE)"),
        [".mod"] = new("The non-negative remainder of big integers", $"`` + {Whole}.negate().mod(new java.math.BigInteger(`7`))"),
        [".modPow"] = new(
            "A power of a big integer modulo another", $"`` + {Whole}.modPow(java.math.BigInteger.TWO, new java.math.BigInteger(`7`))"),
        [".movePointLeft"] = new("A decimal with its decimal point moved left by a number of digits", $"`` + {Decimal}.movePointLeft(1)"),
        [".movePointRight"] = new(
            "A decimal with its decimal point moved right by a number of digits", $"`` + {Decimal}.movePointRight(1)"),
        [".multiply"] = new("The product of two big numbers of one type", $"`` + {Decimal}.multiply(java.math.BigDecimal.TEN)"),
        [".negate"] = new("The negated big number", $"`` + {Decimal}.negate()"),
        [".not"] = new("The bitwise complement of a big integer", $"`` + {Whole}.not()"),
        [".or"] = new("The bitwise operation on big integers", $"`` + {Whole}.or(java.math.BigInteger.ONE)"),
        [".pow"] = new("A big number raised to a power", $"`` + {Decimal}.pow(2)"),
        [".precision"] = new("The number of digits of a decimal", $"{Decimal}.precision()"),
        [".remainder"] = new(
            "The remainder of two big numbers, with the sign of the first", $"`` + {Whole}.remainder(new java.math.BigInteger(`7`))"),
        [".scale"] = new("The number of digits of a decimal after its decimal point", $"{Decimal}.scale()"),
        [".scaleByPowerOfTen"] = new("A decimal times a power of ten", $"`` + {Decimal}.scaleByPowerOfTen(3)"),
        [".setBit"] = new("A big integer with a bit set", $"`` + {Whole}.setBit(0)"),
        [".setScale"] = new(
            "A decimal with a number of digits after its decimal point; a rounding mode, or its number, selects the rounding",
            $"`` + {Decimal}.setScale(0, java.math.RoundingMode.HALF_EVEN)"),
        [".shiftLeft"] = new("A big integer with its bits moved to the left", $"`` + {Whole}.shiftLeft(2)"),
        [".shiftRight"] = new("A big integer with its bits moved to the right", $"`` + {Whole}.shiftRight(2)"),
        [".shortValue"] = new("The lowest 16 bits of the whole part of a big number", $"{Whole}.shortValue()"),
        [".shortValueExact"] = new("A big number as a short; an error if it does not fit", $"{Whole}.shortValueExact()"),
        [".signum"] = new("The sign of a big number: -1, 0 or 1", $"{Decimal}.signum()"),
        [".sqrt"] = new("The whole part of the square root of a big integer", $"`` + {Whole}.sqrt()"),
        [".stripTrailingZeros"] = new("A decimal without trailing zeros", $"`` + {Decimal}.stripTrailingZeros()"),
        [".subtract"] = new("The difference of two big numbers of one type", $"`` + {Decimal}.subtract(java.math.BigDecimal.ONE)"),
        [".testBit"] = new("Whether a big integer has a bit", $"{Whole}.testBit(2)"),
        [".toBigInteger"] = new("The whole part of a decimal", $"`` + {Decimal}.toBigInteger()"),
        [".toBigIntegerExact"] = new(
            "A decimal as a big integer; an error if it has a fraction", "`` + java.math.BigDecimal.TEN.toBigIntegerExact()"),
        [".toByteArray"] = new("The bytes of a big integer in big-endian order", $"{Whole}.toByteArray()[0]"),
        [".toEngineeringString"] = new(
            "The text of a decimal in engineering notation", $"{Decimal}.scaleByPowerOfTen(5).toEngineeringString()"),
        [".toPlainString"] = new("The text of a decimal without an exponent", $"{Decimal}.scaleByPowerOfTen(5).toPlainString()"),
        [".ulp"] = new("One in the last digit of a decimal", $"`` + {Decimal}.ulp()"),
        [".unscaledValue"] = new("The digits of a decimal as a big integer", $"`` + {Decimal}.unscaledValue()"),
        [".xor"] = new("The bitwise operation on big integers", $"`` + {Whole}.xor(java.math.BigInteger.TEN)"),
    };
}
