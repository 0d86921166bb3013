namespace Wharf.Gateway.Authentication;

/// <summary>A text in which <c>*</c> stands for any text, also for none. Upper and lower case differ.</summary>
internal static class TargetPattern
{
    /// <summary>Returns whether a text matches. The time is at most proportional to the product of both lengths.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int at = 0, place = 0, star = -1, resume = 0;
        while (at < text.Length)
        {
            if (place < pattern.Length && pattern[place] == '*')
            {
                star = place++;
                resume = at;
            }
            else if (place < pattern.Length && pattern[place] == text[at])
            {
                place++;
                at++;
            }
            else if (star >= 0)
            {
                // Backtrack: the last star matches one more character.
                place = star + 1;
                at = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[place..].TrimStart('*').IsEmpty;
    }
}
