using Wharf.Gateway.Authentication;

namespace Wharf.Silo.Commands;

/// <summary>
/// <c>hash-password USER [FILE]</c>: reads a password from the terminal or from standard input and writes the line of the user to the file or, without a file, to standard output.
/// </summary>
internal static class HashPasswordCommand
{
    public const string Name = "hash-password";

    public static int Run(string[] arguments, TextReader input, TextWriter output, TextWriter error)
    {
        if (arguments is not [var user, ..] || arguments.Length > 2)
        {
            error.WriteLine($"usage: {Name} USER [FILE]   (the password is read from standard input)");
            return 1;
        }

        if (ReadPassword(input, error) is not { Length: > 0 } password)
        {
            error.WriteLine("the password is empty");
            return 1;
        }

        try
        {
            var line = UsersFile.HashPassword(user, password);
            if (arguments is [_, var file])
                WriteLine(file, user, line);
            else
                output.WriteLine(line);
            return 0;
        }
        catch (Exception failure) when (failure is ArgumentException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(failure.Message);
            return 1;
        }
    }

    private static string? ReadPassword(TextReader input, TextWriter error)
    {
        if (Console.IsInputRedirected)
            return input.ReadLine();
        error.Write("password: ");
        var password = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                password.Length = Math.Max(0, password.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                password.Append(key.KeyChar);
        }

        error.WriteLine();
        return password.ToString();
    }

    /// <summary>Replaces or adds the line of the user. The file is replaced atomically, and only its owner can read it.</summary>
    private static void WriteLine(string file, string user, string line)
    {
        var lines = File.Exists(file) ? [.. File.ReadAllLines(file)] : new List<string>();
        var place = lines.FindIndex(other => other.StartsWith(user + ":", StringComparison.Ordinal));
        if (place < 0)
            lines.Add(line);
        else
            lines[place] = line;

        var written = file + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(written, options))
            lines.ForEach(writer.WriteLine);
        File.Move(written, file, overwrite: true);
    }
}
