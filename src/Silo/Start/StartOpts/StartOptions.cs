using System.Globalization;
using Wharf.Gateway.Hosting;

namespace Wharf.Silo.Start.StartOpts;

/// <summary>
/// The environment variable with the JVM options of Deephaven's server. The options that this server supports are converted to its settings. The others are listed by name,
/// without their values, which may be secrets.
/// </summary>
internal sealed class StartOptions
{
    /// <summary>The name of the variable.</summary>
    public const string Variable = "START_OPTS";

    private const string Psk = "-Dauthentication.psk=";
    private const string SessionDuration = "-Dhttp.session.durationMs=";
    private const string MaxHeap = "-Xmx";

    /// <summary>The minimum heap. A server with less memory fails at its start.</summary>
    private const long SmallestHeap = 64 * 1024 * 1024;

    /// <summary>The settings of this server.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; private init; } = new Dictionary<string, string?>();

    /// <summary>The limit of the managed heap in bytes.</summary>
    public long? MemoryLimit { get; private init; }

    /// <summary>The unsupported options, without their values.</summary>
    public IReadOnlyList<string> Unknown { get; private init; } = [];

    /// <summary>Parses the variable. The last one of repeated options applies.</summary>
    /// <exception cref="FormatException">An option is invalid; the message names the variable and the option.</exception>
    public static StartOptions Read(string? text)
    {
        var settings = new Dictionary<string, string?>();
        var unknown = new List<string>();
        long? limit = null;
        foreach (var word in Words(text ?? ""))
        {
            if (Value(word, Psk) is { } psk)
                settings["Wharf:Auth:Psk"] = ReadKey(psk);
            else if (Value(word, SessionDuration) is { } duration)
                settings["Wharf:Sessions:Duration"] = ReadDuration(duration).ToString("c", CultureInfo.InvariantCulture);
            else if (Value(word, MaxHeap) is { } size)
                limit = ReadSize(size);
            else
                unknown.Add(word.Split('=', 2)[0]);
        }

        return new StartOptions { Settings = settings, MemoryLimit = limit, Unknown = [.. unknown.Distinct()] };
    }

    private static IReadOnlyList<string> Words(string text)
    {
        try
        {
            return ShellWords.Split(text);
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"{Variable} cannot be read: {wrong.Message}", wrong);
        }
    }

    private static string? Value(string word, string option) => word.StartsWith(option, StringComparison.Ordinal) ? word[option.Length..] : null;

    private static string ReadKey(string text) =>
        text.Trim().Length > 0 && text.All(char.IsAscii) ? text : throw new FormatException($"{Variable}: the value of {Psk} is empty or not ASCII");

    private static TimeSpan ReadDuration(string text)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds > TimeSpan.MaxValue.TotalMilliseconds / 2)
            throw new FormatException($"{Variable}: {SessionDuration}{text} is not a number of milliseconds");
        var duration = TimeSpan.FromMilliseconds(milliseconds);
        return duration >= GatewaySessionOptions.ShortestDuration
            ? duration
            : throw new FormatException($"{Variable}: {SessionDuration}{text} is less than {GatewaySessionOptions.ShortestDuration.TotalMilliseconds} ms");
    }

    private static long ReadSize(string text)
    {
        var shift = text.Length == 0 ? 0 : char.ToLowerInvariant(text[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, 't' => 40, _ => 0 };
        var digits = shift > 0 ? text[..^1] : text;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue >> shift)
            throw new FormatException($"{Variable}: {MaxHeap}{text} is not a size: use a number with an optional suffix k, m, g or t");
        return number << shift is var bytes and >= SmallestHeap ? bytes : throw new FormatException($"{Variable}: {MaxHeap}{text} is less than {SmallestHeap >> 20}m");
    }
}
