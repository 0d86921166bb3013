namespace Wharf.Tables.Tests;

/// <summary>Big numbers beyond the recorded answers: their stored form and their limits.</summary>
public sealed class BigNumbers
{
    private static ArrowTable Decimals(params string?[] values) => Tables.Upload("P", BigNumberTable.Build("decimal128(10,2)", values));

    private static ArrowTable Whole(params string?[] values) => Tables.Upload("U", BigNumberTable.Build("uint64", values));

    [Fact]
    public void A_computed_decimal_keeps_its_scale_for_later_formulas_and_conditions()
    {
        ArrowTable computed = Decimals("1.50", null, "-2.00").Update("R = P + 1");

        Assert.Equal("java.lang.String [2.50, null, -1.00]", computed.View("S = `` + R").Column("S"));
        Assert.Equal("java.lang.String [2.50]", computed.Where("R = 2.50").View("S = `` + R").Column("S"));
        Assert.Equal("java.lang.String [null, -1.00]", computed.Where("R < 0").View("S = `` + R").Column("S"));
        Assert.Equal(0, computed.Where("R = 2.5").RowCount);
        Assert.Equal(1, computed.Where("R = 2.5 + 0").RowCount);
    }

    [Fact]
    public void A_computed_decimal_has_no_trailing_zeros_on_the_wire() =>
        Assert.Equal("java.math.BigDecimal [25e-1, null, -1e0]", BigNumberTable.Computed(Decimals("1.50", null, "-2.00").View("R = P + 1"), "R"));

    [Fact]
    public void A_constant_decimal_keeps_its_scale() =>
        Assert.Equal("java.lang.String [1.50]", Tables.Empty(1).Update("R = new java.math.BigDecimal(`1.50`)").View("S = `` + R").Column("S"));

    [Theory]
    [InlineData("decimal32(7,3)")]
    [InlineData("decimal64(15,5)")]
    [InlineData("decimal128(38,10)")]
    [InlineData("decimal256(70,30)")]
    public void Decimals_of_every_width_compare_and_compute(string type)
    {
        ArrowTable table = Tables.Upload("P", BigNumberTable.Build(type, ["1.5", null, "-2.25"]));

        Assert.Equal("java.lang.Boolean [true, false, false]", table.View("R = P == 1.5").Column("R"));
        Assert.Equal("java.lang.Boolean [true, false, false]", table.View("R = P > -2.25").Column("R"));
        Assert.Equal("java.math.BigDecimal [25e-1, null, -125e-2]", BigNumberTable.Computed(table.View("R = P + 1"), "R"));
        Assert.Equal("double [1.5, null, -2.25]", table.View("R = (double)P").Column("R"));
    }

    [Fact]
    public void A_uint64_with_the_bits_of_the_reserved_long_is_a_number() =>
        Assert.Equal("java.lang.String [9223372036854775808, null]", Whole("9223372036854775808", null).View("S = `` + U").Column("S"));

    [Theory]
    [InlineData("new java.math.BigDecimal(`1E+2000000000`) + 1")]
    [InlineData("java.math.BigInteger.TEN.pow(1000000000)")]
    [InlineData("java.math.BigInteger.ONE.shiftLeft(2000000000)")]
    [InlineData("java.math.BigDecimal.ONE.setScale(2000000000)")]
    [InlineData("java.math.BigDecimal.ONE.scaleByPowerOfTen(2000000000).toPlainString()")]
    [InlineData("java.math.BigDecimal.ONE.scaleByPowerOfTen(2000000000).toBigInteger()")]
    [InlineData("java.math.BigDecimal.ONE.movePointLeft(2147483647).movePointLeft(1)")]
    [InlineData("java.math.BigDecimal.ONE / 0")]
    [InlineData("java.math.BigDecimal.ONE.divide(java.math.BigDecimal.valueOf(3))")]
    [InlineData("java.math.BigDecimal.valueOf(1.0 / 0)")]
    [InlineData("java.math.BigInteger.ONE.getClass()")]
    [InlineData("java.math.BigInteger.NOSUCH")]
    [InlineData("java.math.BigInteger.nosuch(1)")]
    [InlineData("new java.math.Nosuch(1)")]
    [InlineData("java.lang.System.exit(0)")]
    public void A_number_that_is_too_large_or_does_not_exist_is_refused(string formula) =>
        Tables.Refused(() => Tables.Empty(1).Update("R = " + formula));

    [Theory]
    [InlineData("new java.math.BigDecimal(`1E+2000`) - new java.math.BigDecimal(`1E+2000`) == 0")]
    [InlineData("java.math.BigInteger.TEN.pow(1000).toString().length() == 1001")]
    [InlineData("java.math.BigInteger.ONE.shiftLeft(1000) > java.math.BigInteger.TEN")]
    [InlineData("new java.math.BigDecimal(`1E+2000000000`) > new java.math.BigDecimal(`-1E-2000000000`)")]
    [InlineData("java.math.BigDecimal.ONE.divide(java.math.BigDecimal.valueOf(8)) == 0.125")]
    public void A_number_of_an_affordable_size_is_computed(string formula) =>
        Assert.Equal("java.lang.Boolean [true]", Tables.Empty(1).Update("R = " + formula).Column("R"));

    [Fact]
    public void A_literal_beyond_64_bits_has_a_meaning_only_beside_a_column_that_can_hold_it()
    {
        ArrowTable table = Whole("18446744073709551615", "5").Update("L = ii", "D = (double)U");

        Assert.Equal(1, table.Where("U = 18446744073709551615").RowCount);
        Assert.Equal(1, table.Where("U in 18446744073709551615, 7").RowCount);
        Assert.Equal(2, table.Where("D < 28446744073709551615").RowCount);
        Tables.Refused(() => table.Where("L < 18446744073709551615"));
        Tables.Refused(() => table.Update("R = U == 18446744073709551615"));
    }
}
