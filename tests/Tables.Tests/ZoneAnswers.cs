using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Tests;

/// <summary>Time zones that are offsets, the limits of an instant, and durations.</summary>
public sealed class ZoneAnswers
{
    [Fact]
    public void Every_recorded_formula_over_zones_instants_and_durations_has_its_recorded_answer()
    {
        ArrowTable table = Tables.Empty(1);
        BigNumberAnswers.CheckFormulas("zone-formulas.json", formula => table.View("R = " + formula).Column("R"));
    }

    [Theory]
    [InlineData("+05:30", "1970-01-01T05:30+05:30", 5)]
    [InlineData("-18:00", "1969-12-31T06:00-18:00", 6)]
    [InlineData("+15:00", "1970-01-01T15:00+15:00", 15)]
    [InlineData("+05:30:15", "1970-01-01T05:30:15+05:30:15", 5)]
    [InlineData("+5", "1970-01-01T05:00+05:00", 5)]
    [InlineData("+0530", "1970-01-01T05:30+05:30", 5)]
    [InlineData("Z", "1970-01-01T00:00Z", 0)]
    [InlineData("-00:00", "1970-01-01T00:00Z", 0)]
    [InlineData("GMT+2", "1970-01-01T02:00+02:00[GMT+02:00]", 2)]
    [InlineData("UTC+01:00", "1970-01-01T01:00+01:00[UTC+01:00]", 1)]
    [InlineData("UTC+00:00", "1970-01-01T00:00Z[UTC]", 0)]
    [InlineData("UT+1", "1970-01-01T01:00+01:00[UT+01:00]", 1)]
    [InlineData("GMT", "1970-01-01T00:00Z[GMT]", 0)]
    [InlineData("Etc/GMT+5", "1969-12-31T19:00-05:00[Etc/GMT+5]", 19)]
    [InlineData("Asia/Tokyo", "1970-01-01T09:00+09:00[Asia/Tokyo]", 9)]
    public void A_column_has_the_clock_of_its_zone(string zone, string text, int hour)
    {
        ArrowTable table = Moments(zone);

        Assert.Equal($"java.lang.String [{text}]", table.View("X = `` + A").Column("X"));
        Assert.Equal($"int [{hour}]", table.View("X = hourOfDay(A, true)").Column("X"));
        Assert.Equal("long [0]", table.View("X = epochSeconds(A)").Column("X"));
    }

    [Theory]
    [InlineData("Nowhere/Land")]
    [InlineData("ET")]
    [InlineData("PST")]
    [InlineData("+18:01")]
    [InlineData("+5:30")]
    [InlineData("UTC+19")]
    public void A_column_of_a_zone_that_is_not_known_is_refused_in_formulas_and_kept_as_it_is(string zone)
    {
        ArrowTable table = Moments(zone);

        Assert.Contains($"the time zone {zone} of the column is unknown", Tables.Refused(() => table.View("X = `` + A")).Message, StringComparison.Ordinal);
        Assert.Equal(zone, ((TimestampType)table.View("B = A").Field("B").DataType).Timezone);
    }

    [Theory]
    [InlineData("1677-09-21T00:12:43.145224193Z", -9223372036854775807)]
    [InlineData("2262-04-11T23:47:16.854775807Z", 9223372036854775807)]
    [InlineData("2262-04-12T08:47:16.854775807+09:00", 9223372036854775807)]
    [InlineData("1677-09-20T06:12:43.145224193-18:00", -9223372036854775807)]
    public void An_instant_reaches_as_far_as_nanoseconds_count(string text, long nanos)
    {
        Assert.Equal($"java.time.Instant [{nanos}]", Tables.Empty(1).View($"X = '{text}'").Column("X"));
        Assert.Equal("java.lang.Boolean [true]", Tables.Empty(1).View($"X = parseInstant(`` + '{text}') == '{text}'").Column("X"));
    }

    [Theory]
    [InlineData("1677-09-21T00:12:43.145224192Z")]
    [InlineData("2262-04-11T23:47:16.854775808Z")]
    [InlineData("9999-12-31T00:00:00Z")]
    public void An_instant_beyond_is_refused(string text) => Tables.Refused(() => Tables.Empty(1).View($"X = '{text}'"));

    [Fact]
    public void The_clock_near_the_end_of_time_is_written_and_never_wraps()
    {
        Assert.Equal(
            "java.lang.String [2262-04-12T08:47:16+09:00]",
            Tables.Empty(1).View("X = `` + toZonedDateTime('2262-04-11T23:47:16Z', timeZone(`+09:00`))").Column("X"));
        Tables.Refused(() => Tables.Empty(1).View("X = hourOfDay('2262-04-11T23:47:16Z', timeZone(`+09:00`), true)"));
    }

    private static ArrowTable Moments(string zone)
    {
        var array = new Int64Array.Builder().Append(0).Build();
        return Tables.Upload("A", ArrowArrayFactory.BuildArray(new ArrayData(new TimestampType(TimeUnit.Second, zone), 1, 0, 0, array.Data.Buffers)));
    }
}
