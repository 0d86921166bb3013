using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Formulas;

/// <summary>
/// Records the columns and parameters that a formula was bound with. The bound formula can be reused where they are the same.
/// </summary>
internal sealed class BindingDependencies
{
    private readonly List<(string Name, EngineType? Type, object? Constant)> _columns = [];
    private readonly List<(string Name, FormulaParameter? Value)> _parameters = [];

    /// <summary>
    /// Whether the bound formula depends on the operation, for example on its time or on a whole column, and cannot be reused.
    /// </summary>
    public bool IsOperationSpecific { get; set; }

    /// <summary>Records a column, or that it does not exist.</summary>
    public void Add(string name, Column? column) => _columns.Add((name, column?.Type, (column as IConstantColumn)?.Boxed));

    /// <summary>Records a parameter, or that it does not exist.</summary>
    public void Add(string name, FormulaParameter? parameter) => _parameters.Add((name, parameter));

    /// <summary>Returns whether binding would resolve all names in the same way.</summary>
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
