using CsCheck;
using Microsoft.Extensions.Configuration;
using Wharf.Silo.Start.StartOpts;

namespace Wharf.Packaging.Tests;

/// <summary><c>START_OPTS</c> says to this server what it says to Deephaven's, as far as there is something to say.</summary>
public sealed class StartOptsVariable
{
    [Fact]
    public void The_guides_line_is_a_key_and_a_memory_limit()
    {
        var options = StartOptions.Read("-Xmx4g -Dauthentication.psk=YOUR_PASSWORD_HERE");
        Assert.Equal("YOUR_PASSWORD_HERE", options.Settings["Wharf:Auth:Psk"]);
        Assert.Equal(4L << 30, options.MemoryLimit);
        Assert.Empty(options.Unknown);
    }

    [Theory]
    [InlineData("-Dhttp.session.durationMs=10000", "00:00:10")]
    [InlineData("-Dhttp.session.durationMs=300000", "00:05:00")]
    [InlineData("-Dhttp.session.durationMs=10000 -Dhttp.session.durationMs=90061001", "1.01:01:01.0010000")]
    public void The_duration_of_sessions_is_in_milliseconds_and_the_last_word_counts(string text, string duration) =>
        Assert.Equal(TimeSpan.Parse(duration, System.Globalization.CultureInfo.InvariantCulture), Bound(text).GetValue<TimeSpan>("Wharf:Sessions:Duration"));

    [Theory]
    [InlineData("DOTNET_GCHeapHardLimit", true)]
    [InlineData("DOTNET_GCHeapHardLimitPercent", true)]
    [InlineData("COMPlus_GCHeapHardLimit", true)]
    [InlineData("DOTNET_GCHeapCount", false)]
    public void A_heap_limit_of_the_environment_wins_over_the_option(string variable, bool isSet) =>
        Assert.Equal(isSet, MemoryLimit.IsSet(name => name == variable ? "0x40000000" : null));

    [Theory]
    [InlineData("-Xmx64m", 64L << 20)]
    [InlineData("-Xmx65536K", 64L << 20)]
    [InlineData("-Xmx2G", 2L << 30)]
    [InlineData("-Xmx1t", 1L << 40)]
    [InlineData("-Xmx100000000", 100_000_000)]
    public void Sizes_are_written_as_for_java(string text, long bytes) => Assert.Equal(bytes, StartOptions.Read(text).MemoryLimit);

    [Fact]
    public void Ignored_options_are_named_once_without_their_values()
    {
        var options = StartOptions.Read("-XX:+UseG1GC -Dkey.password=secret -Xms1g -XX:+UseG1GC '-Dwith space=1'");
        Assert.Equal(["-XX:+UseG1GC", "-Dkey.password", "-Xms1g", "-Dwith space"], options.Unknown);
        Assert.Empty(options.Settings);
    }

    [Theory]
    [InlineData("-Xmx", "-Xmx")]
    [InlineData("-Xmxlots", "-Xmxlots")]
    [InlineData("-Xmx4gb", "-Xmx4gb")]
    [InlineData("-Xmx-4g", "-Xmx-4g")]
    [InlineData("-Xmx9223372036854775807g", "-Xmx9223372036854775807g")]
    [InlineData("-Xmx1m", "less than 64m")]
    [InlineData("-Dhttp.session.durationMs=soon", "-Dhttp.session.durationMs=soon")]
    [InlineData("-Dhttp.session.durationMs=", "-Dhttp.session.durationMs=")]
    [InlineData("-Dhttp.session.durationMs=9999", "less than 10000 ms")]
    [InlineData("-Dhttp.session.durationMs=9223372036854775807", "not a number of milliseconds")]
    [InlineData("-Dauthentication.psk=", "-Dauthentication.psk=")]
    [InlineData("-Dauthentication.psk='  '", "-Dauthentication.psk=")]
    [InlineData("-Dauthentication.psk=schlüssel", "-Dauthentication.psk=")]
    [InlineData("-Dauthentication.psk='open", "the quote ' is not closed")]
    [InlineData("-Xmx4g \\", "ends with a backslash")]
    public void Invalid_options_are_named(string text, string named)
    {
        var wrong = Assert.Throws<FormatException>(() => StartOptions.Read(text));
        Assert.StartsWith("START_OPTS", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(named, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("schl", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_is_named_as_such_wins()
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Wharf:Auth:Psk"] = "explicit" });
        configuration.AddDefaults(StartOptions.Read("-Dauthentication.psk=other -Dhttp.session.durationMs=20000"));
        Assert.Equal("explicit", configuration["Wharf:Auth:Psk"]);
        Assert.Equal("00:00:20", configuration["Wharf:Sessions:Duration"]);
    }

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("  a\t b\n", new[] { "a", "b" })]
    [InlineData("a'b c'd \"e f\"", new[] { "ab cd", "e f" })]
    [InlineData("'' \"\"", new[] { "", "" })]
    [InlineData(@"a\ b \'c \\", new[] { "a b", "'c", @"\" })]
    [InlineData(@"'a\b' ""a\b"" ""a\""b\$\\""", new[] { @"a\b", @"a\b", "a\"b$\\" })]
    public void Words_are_cut_as_a_shell_cuts_them(string line, string[] words) => Assert.Equal(words, ShellWords.Split(line));

    [Fact]
    public void Words_that_are_quoted_come_back_as_they_were() =>
        Gen.String[Gen.Char["ab '\"\\$\t\n"], 0, 8].Array[0, 5].Sample(words =>
            Assert.Equal(words, ShellWords.Split(string.Join(' ', words.Select(static word => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'")))));

    private static IConfiguration Bound(string text)
    {
        var configuration = new ConfigurationManager();
        configuration.AddDefaults(StartOptions.Read(text));
        return configuration;
    }
}
