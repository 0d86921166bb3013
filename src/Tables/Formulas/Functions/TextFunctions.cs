using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;
using static Wharf.Tables.Schemas.EngineType;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>The methods of Java's String: by UTF-16 code unit, with positions from zero.</summary>
internal static class TextFunctions
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(2);
    private static readonly EngineType Truth = EngineType.Boolean;
    private static readonly EngineType Character = EngineType.Char;
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);

    public static IEnumerable<Function> All =>
    [
        Node(".length", Int, static (call, text) => new TextLengthNode(call, text)),
        Node(".toUpperCase", Text, static (call, text) => new TextCaseNode(call, text, toUpper: true)),
        Node(".toLowerCase", Text, static (call, text) => new TextCaseNode(call, text, toUpper: false)),
        Method<string?>("trim", Text, static text => text.Trim([.. Enumerable.Range(0, 33).Select(static code => (char)code)])),
        Method<string?>("strip", Text, static text => text.Trim()),
        Method<string?>("stripLeading", Text, static text => text.TrimStart()),
        Method<string?>("stripTrailing", Text, static text => text.TrimEnd()),
        Method<string?>("toString", Text, static text => text),
        Method<string?>("intern", Text, static text => text),
        Method<sbyte>("isEmpty", Truth, static text => Is(text.Length == 0)),
        Method<sbyte>("isBlank", Truth, static text => Is(string.IsNullOrWhiteSpace(text))),
        Method<int>("hashCode", Int, static text => HashCode(text)),
        Method<string, sbyte>("contains", Text, Truth, static (text, part) => Is(text.Contains(part, StringComparison.Ordinal))),
        Method<string, sbyte>("startsWith", Text, Truth, static (text, part) => Is(text.StartsWith(part, StringComparison.Ordinal))),
        Method<string, sbyte>("endsWith", Text, Truth, static (text, part) => Is(text.EndsWith(part, StringComparison.Ordinal))),
        Method<string, sbyte>("matches", Text, Truth, static (text, pattern) => Is(WholeMatch(pattern, ignoreCase: false).IsMatch(text))),
        Method<string, int>("indexOf", Text, Int, static (text, part) => text.IndexOf(part, StringComparison.Ordinal)),
        Method<char, int>("indexOf", Character, Int, static (text, part) => text.IndexOf(part, StringComparison.Ordinal)),
        Method<string, int, int>(
            "indexOf", Text, Int, Int,
            static (text, part, from) => text.IndexOf(part, Math.Clamp(from, 0, text.Length), StringComparison.Ordinal)),
        Method<string, int>("lastIndexOf", Text, Int, static (text, part) => text.LastIndexOf(part, StringComparison.Ordinal)),
        Method<char, int>("lastIndexOf", Character, Int, static (text, part) => text.LastIndexOf(part)),
        Method<char, int, int>(
            "indexOf", Character, Int, Int, static (text, part, from) => text.IndexOf(part, Math.Clamp(from, 0, text.Length))),
        Method<int, int, int>(
            "indexOf", Int, Int, Int,
            static (text, code, from) =>
            code is >= 0 and <= char.MaxValue ? text.IndexOf((char)code, Math.Clamp(from, 0, text.Length)) : -1),
        Method<char, int, int>(
            "lastIndexOf", Character, Int, Int, static (text, part, from) => from < 0 ? -1 : LastIndexOf(text, part.ToString(), from)),
        Method<int, int>(
            "lastIndexOf", Int, Int, static (text, code) => code is >= 0 and <= char.MaxValue ? text.LastIndexOf((char)code) : -1),
        Method<int, int>("codePointBefore", Int, Int, static (text, at) => CharAt(text, at - 1)),
        Method<string, sbyte>("contentEquals", Text, Truth, static (text, other) => Is(text == other)),
        Method<object?>("toCharArray", Character.ArrayOf(), static text => new ArrayVector<char>(text.ToCharArray())),
        Method<int, int>(
            "indexOf", Int, Int, static (text, code) =>
            code is >= 0 and <= char.MaxValue ? text.IndexOf((char)code, StringComparison.Ordinal) : -1),
        Method<string, int, int>("lastIndexOf", Text, Int, Int, static (text, part, from) => from < 0 ? -1 : LastIndexOf(text, part, from)),
        Method<string, int, sbyte>(
            "startsWith", Text, Int, Truth,
            static (text, part, from) =>
            Is(from >= 0 && from <= text.Length && text.AsSpan(from).StartsWith(part, StringComparison.Ordinal))),
        Method<int, int>(
            "codePointAt", Int, Int,
            static (text, at) => char.IsHighSurrogate(CharAt(text, at)) && at + 1 < text.Length ? char.ConvertToUtf32(text, at) : text[at]),
        Method<int, string?>("substring", Int, Text, static (text, from) => text[from..]),
        Method<int, int, string?>("substring", Int, Int, Text, static (text, from, to) => text[from..to]),
        Method<int, char>("charAt", Int, Character, CharAt),
        Method<string, string, string?>("replace", Text, Text, Text, static (text, old, fresh) => Bounded(text, old, fresh)),
        Method<char, char, string?>("replace", Character, Character, Text, static (text, old, fresh) => text.Replace(old, fresh)),
        Method<string, string, string?>("replaceAll", Text, Text, Text, static (text, pattern, fresh) => Replace(text, pattern, fresh, -1)),
        Method<string, string, string?>(
            "replaceFirst", Text, Text, Text, static (text, pattern, fresh) => Replace(text, pattern, fresh, 1)),
        Method<string, string?>("concat", Text, Text, Concat),
        Function.Of<string, string?, sbyte>(
            ".equals", Text, Text, Truth, static (text, other) => Is(NotNull(text) == other), NullRule.Pass, canFail: true),
        Function.Of<string, string?, sbyte>(
            ".equalsIgnoreCase", Text, Text, Truth, static (text, other) => Is(JavaCase.AreEqual(NotNull(text), other)), NullRule.Pass,
            canFail: true),
        Method<string, int>("compareTo", Text, Int, Compare),
        Method<string, int>("compareToIgnoreCase", Text, Int, static (text, other) => Compare(Fold(text), Fold(other))),
        Method<int, string?>("repeat", Int, Text, Repeat),
        Method<string, object?>("split", Text, Text.ArrayOf(), static (text, pattern) => Split(text, pattern, 0)),
        Method<string, int, object?>("split", Text, Int, Text.ArrayOf(), Split),
    ];

    private static EngineType Text => EngineType.String;

    private static Function Node(string name, EngineType result, Func<Call, Node<string?>, Node> make) =>
        new(name, [Text], result,
            (function, arguments, _, position) => make(function.At(position), (Node<string?>)arguments[0])) { Nulls = NullRule.Refuse,
            CanFail = true };

    private static Function Method<TR>(string name, EngineType result, Func<string, TR> body) =>
        Function.Of("." + name, Text, result, body, NullRule.Refuse, canFail: true);

    private static Function Method<TA, TR>(string name, EngineType a, EngineType result, Func<string, TA, TR> body) =>
        Function.Of("." + name, Text, a, result, body, NullRule.Refuse, canFail: true);

    private static Function Method<TA, TB, TR>(string name, EngineType a, EngineType b, EngineType result, Func<string, TA, TB, TR> body) =>
        Function.Of("." + name, Text, a, b, result, body, NullRule.Refuse, canFail: true);

    private static sbyte Is(bool value) => value ? (sbyte)1 : (sbyte)0;

    private static string NotNull(string? text) => text ?? throw new FormulaError("called on null; test it with isNull first");

    private static char CharAt(string text, int at) =>
        (uint)at < (uint)text.Length
            ? text[at]
            : throw new FormulaError($"position {at} is outside of a string of {text.Length} characters");

    /// <summary>Returns the difference of the first differing code units, or of the lengths.</summary>
    private static int Compare(string text, string other)
    {
        int same = text.AsSpan().CommonPrefixLength(other);
        return same < text.Length && same < other.Length ? text[same] - other[same] : text.Length - other.Length;
    }

    private static string Fold(string text) => string.Create(text.Length, text, static (folded, letters) =>
    {
        for (int n = 0; n < folded.Length; n++)
            folded[n] = JavaCase.Fold(letters[n]);
    });

    private static int HashCode(string text)
    {
        int hash = 0;
        foreach (char c in text)
            hash = unchecked((hash * 31) + c);
        return hash;
    }

    private static string Repeat(string text, int times)
    {
        if (times < 0)
            throw new FormulaError($"a string cannot be repeated {times} times");
        TextBudget.Spend((long)text.Length * times);
        return string.Concat(Enumerable.Repeat(text, times));
    }

    private static string Bounded(string text, string old, string fresh)
    {
        long places = old.Length == 0 ? text.Length + 1 : fresh.Length <= old.Length ? 0 : text.AsSpan().Count(old);
        TextBudget.Spend(text.Length + (places * (fresh.Length - old.Length)));
        if (old.Length > 0)
            return text.Replace(old, fresh, StringComparison.Ordinal);
        return fresh + string.Concat(text.Select(c => c + fresh));
    }

    private static string Concat(string text, string other)
    {
        TextBudget.Spend((long)text.Length + other.Length);
        return text + other;
    }

    private static string Replace(string text, string pattern, string fresh, int times)
    {
        Regex regex = Pattern(pattern);
        string? replacement = null;
        int references = fresh.AsSpan().Count('$');
        long made = text.Length;
        string result = regex.Replace(
            text,
            match =>
            {
                // An invalid replacement is an error only if there is a match.
                replacement ??= Replacement(fresh, regex);
                TextBudget.CheckLength(made += replacement.Length + ((long)match.Length * references));
                return match.Result(replacement);
            },
            times);
        TextBudget.Spend(result.Length);
        return result;
    }

    private static int LastIndexOf(string text, string part, int from)
    {
        for (int at = Math.Min(from, text.Length - part.Length); at >= 0; at--)
        {
            if (text.AsSpan(at).StartsWith(part, StringComparison.Ordinal))
                return at;
        }

        return -1;
    }

    private static object Split(string text, string pattern, int limit)
    {
        // As in Java: an empty match at the beginning does not split, empty parts at the end are omitted unless there is a limit, and a
        // string without a match is the only part.
        var parts = new List<string?>();
        int start = 0;
        foreach (Match match in Pattern(pattern).Matches(text))
        {
            if (limit > 0 && parts.Count == limit - 1)
                break;
            if (match.Length == 0 && (match.Index == 0 || match.Index == text.Length))
                continue;
            parts.Add(text[start..match.Index]);
            start = match.Index + match.Length;
        }

        if (parts.Count == 0)
            return new ArrayVector<string?>([text]);
        parts.Add(text[start..]);
        while (limit == 0 && parts.Count > 0 && parts[^1]!.Length == 0)
            parts.RemoveAt(parts.Count - 1);
        return new ArrayVector<string?>([.. parts]);
    }

    /// <summary>
    /// Compiles a pattern of the caller. The non-backtracking engine takes time proportional to the text, for every pattern. The few
    /// patterns that it does not support (backreferences, lookaround) run with a time limit.
    /// </summary>
    private static Regex Pattern(string pattern)
    {
        const int kept = 256;
        if (Patterns.TryGetValue(pattern, out Regex? known))
            return known;
        if (Patterns.Count >= kept)
            Patterns.Clear();
        return Patterns[pattern] = Compile(pattern);
    }

    /// <summary>Returns a pattern that a whole string must match.</summary>
    public static Regex WholeMatch(string pattern, bool ignoreCase) => Pattern((ignoreCase ? "(?i)" : "") + $@"\A(?:{pattern})\z");

    private static Regex Compile(string pattern)
    {
        string net = JavaPattern.Translate(pattern);
        try
        {
            return new Regex(net, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, PatternTime);
        }
        catch (NotSupportedException)
        {
            return new Regex(net, RegexOptions.CultureInvariant, PatternTime);
        }
        catch (ArgumentException wrong)
        {
            throw new FormulaError("the pattern is not a regular expression: " + wrong.Message);
        }
    }

    /// <summary>
    /// Converts a replacement: Java escapes a dollar sign with a backslash, .NET with another dollar sign. A group number takes as many
    /// digits as there are groups.
    /// </summary>
    private static string Replacement(string java, Regex regex)
    {
        int groups = regex.GetGroupNumbers().Length - 1;
        var net = new System.Text.StringBuilder(java.Length);
        for (int n = 0; n < java.Length; n++)
        {
            char next = n + 1 < java.Length ? java[n + 1] : '\0';
            if (java[n] == '\\')
            {
                net.Append(
                    n + 1 == java.Length ? throw new FormulaError("the replacement ends with a backslash") : next == '$'
                    ? "$$"
                    : next.ToString());
                n++;
            }
            else if (java[n] != '$')
            {
                net.Append(java[n]);
            }
            else if (next == '{')
            {
                net.Append('$');
            }
            else
            {
                int group = char.IsAsciiDigit(next)
                    ? next - '0'
                    : throw new FormulaError("a dollar sign in the replacement begins a group reference; escape it with a backslash");
                for (n++; n + 1 < java.Length && char.IsAsciiDigit(java[n + 1]) && (group * 10) + java[n + 1] - '0' <= groups; n++)
                    group = (group * 10) + java[n + 1] - '0';
                net.Append(group <= groups ? $"${{{group}}}" : throw new FormulaError($"the pattern has no group {group}"));
            }
        }

        return net.ToString();
    }
}
