namespace Wharf.Tables;

/// <summary>What binding a formula found out about a table and the caller's values. Where it would find the same, the formula means the same.</summary>
internal sealed class BindingNotes
{
    private readonly List<(string Name, EngineType? Type, object? Constant)> _columns = [];
    private readonly List<(string Name, FormulaParameter? Value)> _parameters = [];

    /// <summary>Whether what was bound has something of the operation in it, such as its moment or a whole column, and is good for no other.</summary>
    public bool IsOfOneOperation { get; set; }

    /// <summary>Notes a column, or that there is none.</summary>
    public void Add(string name, Column? column) => _columns.Add((name, column?.Type, (column as IConstantColumn)?.Boxed));

    /// <summary>Notes a value of the caller's, or that there is none.</summary>
    public void Add(string name, FormulaParameter? parameter) => _parameters.Add((name, parameter));

    /// <summary>Whether binding would find all of this again.</summary>
    public bool Fit(FormulaContext context)
    {
        foreach ((string name, EngineType? type, object? constant) in _columns)
        {
            Column? column = context.Columns(name);
            if (column?.Type != type || !Equals((column as IConstantColumn)?.Boxed, constant))
                return false;
        }

        foreach ((string name, FormulaParameter? value) in _parameters)
        {
            if (context.FindParameter(name) != value)
                return false;
        }

        return true;
    }
}
