using System.Text;

namespace Wharf.Tables.Formulas;

/// <summary>
/// Translates regular expressions of Java to .NET. In Java, the classes <c>\w</c>, <c>\d</c>, <c>\s</c> and <c>\p{Alpha}</c> are ASCII
/// only, a dot or a negated class matches a whole code point, a dot excludes every line separator, <c>(?i)</c> applies to the letters A to
/// Z, and there are <c>\Q..\E</c>, <c>a++</c> and nested classes.
/// </summary>
internal sealed class JavaPattern
{
    private const string IgnoreCase = "(?i)";
    private const string Word = "a-zA-Z0-9_", Space = " \\t\\n\\v\\f\\r", LineEnds = "\\n\\r\\u0085\\u2028\\u2029",
        Halves = "\\uD800-\\uDFFF", Pair = "[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]";

    private static readonly Dictionary<string, string> Posix = new(StringComparer.Ordinal)
    {
        ["Lower"] = "a-z", ["Upper"] = "A-Z", ["ASCII"] = "\\x00-\\x7F", ["Alpha"] = "a-zA-Z", ["Digit"] = "0-9", ["Alnum"] = "a-zA-Z0-9",
        ["Punct"] = "!-/:-@\\[-`{-~", ["Graph"] = "!-~",
        ["Print"] = " -~", ["Blank"] = " \\t", ["Cntrl"] = "\\x00-\\x1F\\x7F", ["XDigit"] = "0-9a-fA-F", ["Space"] = Space,
    };

    // Limits the recursion; no realistic pattern nests deeper.
    private const int MostNested = 50;

    private readonly string _java;
    private readonly bool _dotIsAll;
    private readonly StringBuilder _net = new();
    private readonly Stack<int> _groups = new();
    private int _at;
    private int _nested;
    private bool _ignoresCase;

    // The start of the last item that a quantifier can follow.
    private int _atom;

    private JavaPattern(string java)
    {
        _java = java;
        for (int at = java.IndexOf("(?", StringComparison.Ordinal); at >= 0
            && !_dotIsAll; at = java.IndexOf("(?", at + 2, StringComparison.Ordinal))
        {
            ReadOnlySpan<char> flags = java.AsSpan(at + 2);
            int end = flags.IndexOfAnyExceptInRange('a', 'z');
            _dotIsAll = end >= 0 && flags[end] is ':' or ')' or '-' && flags[..end].Contains('s');
        }
    }

    /// <summary>Translates a pattern. An invalid pattern remains invalid.</summary>
    public static string Translate(string java)
    {
        // Most patterns have no construct that differs.
        if (java.AsSpan().IndexOfAny("\\.[+") < 0 && !java.Contains(IgnoreCase, StringComparison.Ordinal))
            return java;
        var pattern = new JavaPattern(java);
        while (pattern._at < java.Length)
            pattern.Step();
        return pattern._net.ToString();
    }

    private void Step()
    {
        char c = _java[_at];
        switch (c)
        {
            case '\\': Escape(); break;
            case '[': Atom(Class()); break;
            case '.': _at++; Atom($"(?:{Pair}|[^{(_dotIsAll ? "" : LineEnds)}{Halves}])"); break;
            case '(' when string.CompareOrdinal(_java, _at, IgnoreCase, 0, IgnoreCase.Length) == 0:
                _ignoresCase = true;
                _at += IgnoreCase.Length;
                break;
            case '(':
                _groups.Push(_net.Length);
                _at++;
                _net.Append(c);
                if (_at < _java.Length && _java[_at] == '?')
                    _net.Append(_java[_at++]);
                break;
            case ')':
                _atom = _groups.Count > 0 ? _groups.Pop() : _net.Length;
                _at++;
                _net.Append(c);
                break;
            case '*' or '+' or '?' or '{': Quantifier(); break;
            default: _at++; Atom(_ignoresCase && char.IsAsciiLetter(c) ? $"[{c}{Other(c)}]" : c.ToString()); break;
        }
    }

    private void Atom(string net)
    {
        _atom = _net.Length;
        _net.Append(net);
    }

    private void Quantifier()
    {
        int end = _java[_at] == '{' ? Braces() : _at + 1;
        _net.Append(_java, _at, end - _at);
        _at = end;
        if (_at >= _java.Length || _java[_at] is not ('+' or '?'))
            return;

        // A possessive quantifier does not backtrack.
        if (_java[_at++] == '?')
            _net.Append('?');
        else
            _net.Insert(_atom, "(?>").Append(')');
    }

    /// <summary>Returns the end of a quantifier in braces.</summary>
    private int Braces()
    {
        int end = _java.IndexOf('}', _at);
        ReadOnlySpan<char> inside = end < 0 ? "" : _java.AsSpan()[(_at + 1)..end];
        int comma = inside.IndexOf(',');
        ReadOnlySpan<char> least = comma < 0 ? inside : inside[..comma], most = comma < 0 ? "" : inside[(comma + 1)..];
        if (_net.Length == 0 || least.IsEmpty || least.ContainsAnyExceptInRange('0', '9') || most.ContainsAnyExceptInRange('0', '9'))
            throw new FormulaError(
                "the pattern is not a regular expression: braces must be a quantifier such as {2,3}; escape others with a backslash");
        return end + 1;
    }

    private void Escape()
    {
        if (_at + 1 >= _java.Length)
        {
            _at++;
            _net.Append('\\');
            return;
        }

        char c = _java[_at + 1];
        if (c == 'Q')
        {
            int end = _java.IndexOf("\\E", _at + 2, StringComparison.Ordinal);
            foreach (char literal in _java.AsSpan()[(_at + 2)..(end < 0 ? _java.Length : end)])
                Atom(System.Text.RegularExpressions.Regex.Escape(literal.ToString()));
            _at = end < 0 ? _java.Length : end + 2;
            return;
        }

        if (c == '0')
        {
            Atom(Octal());
            return;
        }

        if (TryReadClass(out string? members, out bool isNegated))
            Atom(isNegated ? Other(members!) : $"[{members}]");
        else
            Atom(CopyEscape());
    }

    /// <summary>Reads an octal escape: a zero and up to three digits, of which the first of three is at most 3.</summary>
    private string Octal()
    {
        int start = _at += 2, code = 0;
        while (_at < _java.Length && _at - start < 3 && _java[_at] is >= '0' and <= '7' && (code * 8) + _java[_at] - '0' <= 255)
            code = (code * 8) + _java[_at++] - '0';
        return $"\\x{code:X2}";
    }

    /// <summary>Returns a pattern for any other character.</summary>
    private static string Other(string members) => $"(?:{Pair}|[^{members}{Halves}])";

    private static char Other(char letter) => (char)(letter ^ 0x20);

    /// <summary>Reads an escape of a character class.</summary>
    private bool TryReadClass(out string? members, out bool isNegated)
    {
        char c = _java[_at + 1];
        isNegated = char.IsAsciiLetterUpper(c);
        members = char.ToLowerInvariant(c) switch
        {
            'w' => Word,
            'd' => "0-9",
            's' => Space,
            'h' => " \\t\\xA0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000",
            'v' => "\\n\\x0B\\f\\r\\x85\\u2028\\u2029",
            'p' when _java.IndexOf('}', _at) is > 0 and var end && _java[_at + 2] == '{' => Posix.GetValueOrDefault(_java[(_at + 3)..end]),
            _ => null,
        };
        if (members is null)
            return false;
        _at = char.ToLowerInvariant(c) == 'p' ? _java.IndexOf('}', _at) + 1 : _at + 2;
        return true;
    }

    /// <summary>Copies an escape that is the same in both.</summary>
    private string CopyEscape()
    {
        int start = _at;
        _at += 2;
        if (_java[start + 1] is 'p' or 'P' && _at < _java.Length && _java[_at] == '{' || _java[start + 1] == 'k')
            _at = _java.IndexOfAny(['}', '>'], _at) is >= 0 and var end ? end + 1 : _java.Length;
        return _java[start.._at];
    }

    /// <summary>Translates a class in brackets.</summary>
    private string Class()
    {
        string members = Members(out bool isNegated, out string? removed);
        string without = removed is null ? "" : $"-{removed}";
        return isNegated && removed is null ? Other(members) : $"[{(isNegated ? "^" : "")}{members}{without}]";
    }

    /// <summary>
    /// Reads the content of the brackets. The operand of <c>&amp;&amp;</c> is an intersection, so its complement is subtracted.
    /// </summary>
    private string Members(out bool isNegated, out string? removed)
    {
        if (++_nested > MostNested)
            throw new FormulaError($"the pattern is not supported: more than {MostNested} character classes are nested");
        var members = new StringBuilder();
        removed = null;
        isNegated = ++_at < _java.Length && _java[_at] == '^';
        int first = isNegated ? ++_at : _at;
        while (_at < _java.Length && (_java[_at] != ']' || _at == first))
        {
            if (_java[_at] == '[')
            {
                string inner = Members(out bool isInnerNegated, out string? innerRemoved);
                if (isInnerNegated || innerRemoved is not null)
                    throw new FormulaError("a negated character class inside another is not supported");
                members.Append(inner);
            }
            else if (string.CompareOrdinal(_java, _at, "&&", 0, 2) == 0 && removed is null)
            {
                _at += 2;
                removed = ReadIntersection();
            }
            else if (_java[_at] != '\\' || _at + 1 >= _java.Length)
            {
                Member(members);
            }
            else if (TryReadClass(out string? named, out bool isOpposite))
            {
                members.Append(isOpposite ? Complement(named!) : named);
            }
            else
            {
                members.Append(CopyEscape());
            }
        }

        _at++;
        _nested--;
        return members.ToString();
    }

    private void Member(StringBuilder members)
    {
        char c = _java[_at++];
        members.Append(c);
        if (!_ignoresCase || !char.IsAsciiLetter(c))
            return;

        // The letter is the start of a range.
        if (_at + 1 < _java.Length && _java[_at] == '-' && char.IsAsciiLetter(_java[_at + 1]))
        {
            char end = _java[_at + 1];
            members.Append('-').Append(end);
            _at += 2;
            if (char.IsAsciiLetterUpper(c) == char.IsAsciiLetterUpper(end))
                members.Append(Other(c)).Append('-').Append(Other(end));
        }
        else
        {
            members.Append(Other(c));
        }
    }

    private string ReadIntersection()
    {
        if (_at < _java.Length && _java[_at] == '[')
        {
            string members = Members(out bool isNegated, out string? removed);
            return removed is null ? $"[{(isNegated ? "" : "^")}{members}]"
                : throw new FormulaError("a character class can have only one &&");
        }

        int end = _java.IndexOf(']', _at) is >= 0 and var found ? found : _java.Length;
        string listed = _java[_at..end];
        _at = end;
        return $"[^{listed}]";
    }

    private static string Complement(string members) => members switch
    {
        Word => "\\0-/:-@\\[-^`{-\\uFFFF",
        "0-9" => "\\0-/:-\\uFFFF",
        Space => "\\0-\\x08\\x0E-\\x1F!-\\uFFFF",
        _ => throw new FormulaError("the negation of this class inside another is not supported"),
    };
}
