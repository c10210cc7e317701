"""Small Familias projects, written for the tests."""

PROJECT = """"Output from Familias, version 3.3.1"
"DO NOT EDIT!"
3.3.1
""
2
"AF"
#FALSE#
-1
#FALSE#
#TRUE#
1
0
1
0
"CH"
#FALSE#
-1
#FALSE#
#TRUE#
1
1
1
0
"Known relations"
0
0
0
2
0
"Father"
0
0
1
0
1
1
"Unrelated"
0
0
0
#FALSE# (#Databases: 1 ;Theta/Kinship/Fst: 0.02 )
1
#TRUE#
"Test database"
"TH01"
0.001
0.002
4
4
3
0.1
0.1
1e-006
1e-006
#FALSE#
0
3\t(DatabaseSize = 1000 , Dropout probability = 0 , Minor allele frequency = 0 )
"6"
0.2
"9.3"
0.3
"10"
0.5
"""

DVI_PROJECT = """"Output from Familias, version 3.4"
"DO NOT EDIT!"
3.4 (DVI)
""
0
"Known relations"
0
0
0
0
#FALSE# (#Databases: 1 ;Theta/Kinship/Fst: 0 )
1
#TRUE#
"Test database"
"TH01"
0
0
0
0
2
0.1
0.1
0.0
0.0
#FALSE#
0
2\t(DatabaseSize = 1000 , Dropout probability = 0 , Minor allele frequency = 0 )
"6"
0.4
"9.3"
0.6
[DVI]
[[Unidentified persons]]
nPersons= 1
[[[Person 1 ]]]
Name= V1
Gender= Female
[[[[DNA data]]]]
nSystems= 1
SystemName= TH01
Allele1= 6
Allele2= 9.3
[[Notes]]
nFamilies= 1
[[Reference Families]]
nFamilies= 1
[[[Family 1 ]]]
Name= F1
[[[[Persons]]]]
nPersons= 2
[[[[[Person 1]]]]]
Name= R
Gender= Female
[[[[[[DNA data]]]]]]
nSystems= 1
SystemName= TH01
Allele1= 6
Allele2= 6
[[[[[Person 2]]]]]
Name= Missing female 1
Gender= Female
[[[[[[DNA data]]]]]]
nSystems= 0
[[[[Pedigrees]]]]
nPedigrees= 1
[[[[[Pedigree 1]]]]]
Name= Reference pedigree
nRelations= 1
Parent= R
Child= Missing person
[Prior]
UseList= No
"""
